import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { EndReason } from '#protocol/end-reason';
import type { SetUpMetrics } from '../calls/set-up-times.ts';
import type { RelayMetrics } from '../relay/relay.ts';

/** What the server counts, in Prometheus' exposition format. Labels come from closed sets, never from a client's text. */
export type Metrics = RelayMetrics &
  SetUpMetrics & {
    readonly registry: Registry;
    /** How many sessions there are now, live or inside their window. */
    sessions(count: number): void;
    /** Frames came in or went out; `type` must be one of the contract's. */
    frame(direction: 'in' | 'out', type: string, count: number): void;
    /** Ms from a frame's arrival to its being written to the other end's socket. */
    routed(ms: number): void;
    /** Whether the bus between several processes can be reached; never said where there is none. */
    bus(up: boolean): void;
    callEnded(reason: EndReason): void;
    /** Ms from the invite to the accept. */
    ringToAnswer(ms: number): void;
    /** One HTTP request; `route` is the pattern that matched. */
    request(method: string, route: string, status: number, ms: number): void;
  };

const ROUTED_SECONDS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.25, 1];
const SHOWN_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10];
const SET_UP_SECONDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];
const RING_SECONDS = [1, 2, 5, 10, 15, 20, 30, 45];
const REQUEST_SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** Metrics of their own registry, so that two servers can live in one process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const sessions = new Gauge({ name: 'parley_sessions', help: 'Sessions, live or inside their window', registers });
  let bus: Gauge | undefined;
  const frames = new Counter({
    name: 'parley_frames_total',
    help: 'Signaling frames',
    labelNames: ['direction', 'type'],
    registers,
  });
  const latency = histogram('parley_routed_seconds', 'From arrival of a frame to its forwarding', ROUTED_SECONDS);
  const calls = new Counter({
    name: 'parley_calls_total',
    help: 'Ended calls, by the reason their caller read',
    labelNames: ['reason'],
    registers,
  });
  const shown = histogram('parley_ring_shown_seconds', 'From invite to the first ring that is shown', SHOWN_SECONDS);
  const setUp = histogram('parley_call_setup_seconds', 'From accept to the answer to the first offer', SET_UP_SECONDS);
  const ring = histogram('parley_ring_to_answer_seconds', 'From invite to accept', RING_SECONDS);
  const requests = new Histogram({
    name: 'parley_http_request_seconds',
    help: 'HTTP requests',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_SECONDS,
    registers,
  });
  return {
    registry,
    sessions: count => sessions.set(count),
    frame: (direction, type, count) => frames.inc({ direction, type }, count),
    routed: ms => latency.observe(ms / 1000),
    bus: up => (bus ??= busGauge(registers)).set(up ? 1 : 0),
    callEnded: reason => calls.inc({ reason }),
    ringShown: ms => shown.observe(ms / 1000),
    callSetUp: ms => setUp.observe(ms / 1000),
    ringToAnswer: ms => ring.observe(ms / 1000),
    request: (method, route, status, ms) => requests.observe({ method, route, status }, ms / 1000),
    ...relayMetrics(registers),
  };

  function histogram(name: string, help: string, buckets: number[]): Histogram {
    return new Histogram({ name, help, buckets, registers });
  }
}

function relayMetrics(registers: Registry[]): RelayMetrics {
  const allocations = new Gauge({ name: 'parley_relay_allocations', help: 'Allocations of the relay', registers });
  const relayed = new Counter({ name: 'parley_relay_bytes_total', help: 'Bytes relayed, without framing', registers });
  const calls = new Counter({
    name: 'parley_relay_calls_total',
    help: 'Calls whose media the relay carries; of parley_ring_to_answer_seconds_count they are the relayed share',
    registers,
  });
  const refused = new Counter({
    name: 'parley_relay_refused_total',
    help: 'Requests and packets that the relay refused',
    labelNames: ['why'],
    registers,
  });
  return {
    relayAllocations: count => allocations.set(count),
    relayedCall: () => calls.inc(),
    relayed: bytes => relayed.inc(bytes),
    relayRefused: why => refused.inc({ why }),
  };
}

const busGauge = (registers: Registry[]): Gauge =>
  new Gauge({ name: 'parley_bus_up', help: 'Whether the bus between processes can be reached', registers });
