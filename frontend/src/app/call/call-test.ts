import { DestroyRef, inject, Injectable, signal } from '@angular/core';
import { Call } from './call';
import { type CaptureProblem } from './capture';
import { IceServerSource, isRelay } from './ice-servers';
import { followLevel } from './level-meter';
import { LocalMedia, type LocalState, NOTHING } from './local-media';
import { type Loopback, loopback } from './loopback';

/** What one check has come to. */
export type Check = 'waiting' | 'running' | 'good' | 'bad' | 'none';

/** A call to oneself: proves microphone, camera, network and relay before anybody is called. */
@Injectable()
export class CallTest {
  readonly #iceServers = inject(IceServerSource);
  readonly #call = inject(Call);
  readonly #local = signal<LocalState>(NOTHING);
  readonly #level = signal(0);
  readonly #heard = signal(false);
  readonly #received = signal<MediaStream | null>(null);
  readonly #network = signal<Check>('waiting');
  readonly #relay = signal<Check>('waiting');
  readonly #running = signal(false);
  #media: LocalMedia | null = null;
  #stopMeter: (() => void) | undefined;
  #links: Loopback[] = [];

  readonly local = this.#local.asReadonly();
  /** How loud the microphone is, 0 to 1. */
  readonly level = this.#level.asReadonly();
  /** It was louder than silence once. */
  readonly heard = this.#heard.asReadonly();
  /** What arrived at the other end of the test call. */
  readonly received = this.#received.asReadonly();
  readonly network = this.#network.asReadonly();
  readonly relay = this.#relay.asReadonly();
  readonly running = this.#running.asReadonly();

  constructor() {
    inject(DestroyRef).onDestroy(() => this.stop());
  }

  /** A real call has the devices; the test waits until it is over. */
  async start(): Promise<void> {
    if (this.#call.state().state !== 'idle') return;
    this.stop();
    this.#heard.set(false);
    this.#network.set('running');
    this.#relay.set('running');
    this.#running.set(true);
    const media = new LocalMedia(local => this.#local.set(local));
    this.#media = media;
    const [configuration] = await Promise.all([this.#iceServers.fetch(), media.open('video')]);
    if (this.#media !== media) return;
    this.#listen(media.state);
    await Promise.all([this.#tryNetwork(configuration, media.state), this.#tryRelay(configuration)]);
  }

  /** Ends the test and frees the devices; its results stay. */
  stop(): void {
    this.#stopMeter?.();
    this.#stopMeter = undefined;
    this.#media?.close();
    this.#media = null;
    this.#links.splice(0).forEach(link => link.close());
    this.#received.set(null);
    this.#local.set(NOTHING);
    this.#level.set(0);
    this.#running.set(false);
  }

  /** Why a device is missing, or undefined. */
  problem(kind: 'microphone' | 'camera'): CaptureProblem | undefined {
    const use = this.#local()[kind];
    return use.is === 'missing' ? use.problem : undefined;
  }

  #listen({ microphone }: LocalState): void {
    if (microphone.is !== 'on') return;
    this.#stopMeter = followLevel(microphone.track, (level, heard) => {
      this.#level.set(level);
      if (heard) this.#heard.set(true);
    });
  }

  async #tryNetwork(configuration: RTCConfiguration, { microphone, camera }: LocalState): Promise<void> {
    const tracks = [microphone, camera].flatMap(use => (use.is === 'on' ? [use.track] : []));
    const link = this.#link({ ...configuration, iceTransportPolicy: 'all' }, tracks);
    this.#network.set(await outcomeOf(link));
    if (this.#links.includes(link)) this.#received.set(link.received);
  }

  async #tryRelay(configuration: RTCConfiguration): Promise<void> {
    const relays = (configuration.iceServers ?? []).filter(({ urls }) => [urls].flat().some(isRelay));
    if (relays.length === 0) return this.#relay.set('none');
    const link = this.#link({ iceServers: relays, iceTransportPolicy: 'relay' }, []);
    this.#relay.set(await outcomeOf(link));
  }

  #link(configuration: RTCConfiguration, tracks: readonly MediaStreamTrack[]): Loopback {
    const link = loopback(configuration, tracks);
    this.#links.push(link);
    return link;
  }
}

const outcomeOf = (link: Loopback): Promise<Check> =>
  link.connected.then(
    () => 'good' as const,
    () => 'bad' as const,
  );
