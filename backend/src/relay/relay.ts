import type { Socket } from 'node:net';
import type { CallId, DeviceAddress } from '#protocol/ids';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Timers } from '../timers.ts';
import { openDatagrams, type Datagrams } from './datagrams.ts';
import { TurnStreams } from './streams.ts';
import { RelaySwitch, type RelayRefusal } from './switch.ts';

/** How long credentials last, in seconds; a call asks for others before their end. */
const CREDENTIALS_S = 600;
/** A device that leaves its seat loses its allocations within two seconds. */
const SWEEP_MS = 1_000;

/** What the relay counts. */
export type RelayMetrics = {
  /** How many allocations there are now. */
  relayAllocations(count: number): void;
  /** A call whose media the relay carries: told once a call, when some seconds of it have gone through. */
  relayedCall(): void;
  /** One packet was relayed. */
  relayed(bytes: number): void;
  /** A packet or a request went nowhere; `why` is a code of TURN or what was missing. */
  relayRefused(why: RelayRefusal): void;
};

export type RelayOptions = {
  /** What credentials are signed with: the same after a restart, so that calls find the relay again. */
  secret: string;
  clock: Clock;
  timers: Timers;
  log: Logger;
  metrics: RelayMetrics;
  /** Whether this device has a seat in this call now: who is only rung has credentials already, and no use of them yet. */
  isSeated: (device: DeviceAddress, callId: CallId) => boolean;
};

/** The addresses of STUN (RFC 7064) and TURN (RFC 7065) for one client. */
export type RelayUrls = { stun: string[]; turn: string[] };

/** The relay of this installation: on the ports that the app has, and on a UDP port of the same number. */
export class Relay {
  readonly #secret: string;
  readonly #log: Logger;
  readonly #switch: RelaySwitch;
  readonly #streams: TurnStreams;
  readonly #stop: () => void;
  #datagrams: Datagrams | undefined;
  #udpPort: number | 'same' | undefined;

  constructor({ secret, clock, timers, log, metrics, isSeated }: RelayOptions) {
    this.#secret = secret;
    this.#log = log;
    this.#switch = new RelaySwitch({
      secret,
      clock,
      isSeated,
      onRelayedCall: () => metrics.relayedCall(),
      onRelayed: bytes => metrics.relayed(bytes),
      onRefused: why => metrics.relayRefused(why),
    });
    this.#streams = new TurnStreams(this.#switch);
    this.#stop = timers.every(SWEEP_MS, () => {
      this.#switch.sweep();
      this.#datagrams?.sweep();
      metrics.relayAllocations(this.#switch.allocations);
    });
  }

  /** The port of `listen`; undefined where it does not listen. */
  get udpPort(): number | undefined {
    return this.#datagrams?.port;
  }

  /** Takes a stream whose first byte is one of STUN. */
  serve(socket: Socket): void {
    this.#streams.serve(socket);
  }

  /**
   * Listens on UDP, too. Without it calls over the internet go by TCP alone and are never direct, but they go.
   * @param port where to listen
   * @param isChosen whether somebody asked for this very port; else it has the number of the https port, outside of a router, too
   * @throws the socket's error where a chosen port is not to be had
   */
  async listen(port: number, address: string | undefined, isChosen: boolean): Promise<void> {
    try {
      this.#datagrams = await openDatagrams(this.#switch, port, address);
    } catch (error) {
      if (isChosen) throw error;
      this.#log.warn({ port, err: error }, 'the UDP port is taken: calls between networks go by TCP');
      return;
    }
    this.#udpPort = isChosen ? this.#datagrams.port : 'same';
  }

  /**
   * Where a client finds the relay: by the name that it has reached us by, which its certificate is for.
   * @param origin of the client's page
   */
  urls(origin: string): RelayUrls {
    // A Host may name a port that is none.
    if (!URL.canParse(origin)) return { stun: [], turn: [] };
    const { protocol, hostname, port } = new URL(origin);
    // Plain http is for this machine alone, and so is plain TURN.
    if (protocol !== 'https:') return { stun: [], turn: [`turn:${hostname}:${port || 80}?transport=tcp`] };
    const https = port === '' ? 443 : Number(port);
    const udp = this.#udpPort === 'same' ? https : this.#udpPort;
    const tls = `turns:${hostname}:${https}?transport=tcp`;
    if (udp === undefined) return { stun: [], turn: [tls] };
    return { stun: [`stun:${hostname}:${udp}`], turn: [`turn:${hostname}:${udp}?transport=udp`, tls] };
  }

  /** What credentials are signed with, and how many seconds they last. */
  get credentials(): { secret: string; seconds: number } {
    return { secret: this.#secret, seconds: CREDENTIALS_S };
  }

  endCall(callId: CallId): void {
    this.#switch.endCall(callId);
  }

  async close(): Promise<void> {
    this.#stop();
    await this.#datagrams?.close();
  }
}
