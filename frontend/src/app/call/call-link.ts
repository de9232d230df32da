import {
  computed,
  createEnvironmentInjector,
  DestroyRef,
  effect,
  EnvironmentInjector,
  inject,
  runInInjectionContext,
  Service,
  signal,
  untracked,
} from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { namedCalls } from '#protocol/call-client-state';
import { type ChannelName } from '#protocol/direct/channel';
import { type CallId } from '#protocol/ids';
import { Call } from './call';
import { type PeerChannel } from './peer-channel';
import { SeatLink } from './seat-link';

interface Kept {
  readonly link: SeatLink;
  readonly injector: EnvironmentInjector;
}

/** The peer links of this page's calls, one each, and what of them is seen and heard: that of the current call alone. */
@Service()
export class CallLink {
  readonly #call = inject(Call);
  readonly #parent = inject(EnvironmentInjector);
  readonly #callIds = computed(() => namedCalls(this.#call.calls()).join());
  readonly #links = signal<ReadonlyMap<CallId, Kept>>(new Map());
  readonly #current = computed(() => {
    const call = this.#call.state();
    return call.state === 'idle' ? undefined : this.#links().get(call.callId)?.link;
  });

  /** The link itself, for statistics and the quality of what is sent. */
  readonly link = computed(() => this.#current()?.link() ?? null);
  /**
   * What the peer sends, for one element each: an element that waits for the first frame of a camera that is off would
   * keep the sound waiting, too.
   */
  readonly sound = computed(() => this.#current()?.sound() ?? null);
  readonly picture = computed(() => this.#current()?.picture() ?? null);
  /** For files between the two devices; null where the link, or the other app, has none. */
  readonly files = computed(() => this.#channel('files'));
  /** For what is written while the server is away. */
  readonly chat = computed(() => this.#channel('chat'));
  /** What the peer says that it sends; null until it has said so. */
  readonly peer = computed(() => this.#current()?.peer() ?? null);
  /** What the two persons say to each other, once it is there. */
  readonly code = computed(() => this.#current()?.code() ?? null);

  constructor() {
    effect(() => {
      this.#callIds();
      untracked(() => this.#reconcile());
    });
    // A computed signal keeps its last value until it is read again. Without this reader the tracks and the data channel of a
    // call that has ended would stay in memory.
    effect(() => void [this.link(), this.sound(), this.picture(), this.files(), this.chat()]);
    this.#call.seatFrames.pipe(takeUntilDestroyed()).subscribe(frame => {
      // A call may have begun this very moment.
      this.#reconcile();
      untracked(this.#links).get(frame.callId)?.link.hear(frame);
    });
    inject(DestroyRef).onDestroy(() => this.#keep([]));
  }

  /** That of a call, be it on hold. */
  readonly filesOf = (callId: CallId): PeerChannel | null => this.#links().get(callId)?.link.channels().files ?? null;

  #channel(name: ChannelName): PeerChannel | null {
    return this.#current()?.channels()[name] ?? null;
  }

  #reconcile(): void {
    this.#keep(namedCalls(untracked(this.#call.calls)));
  }

  #keep(callIds: readonly CallId[]): void {
    const before = untracked(this.#links);
    const gone = [...before].filter(([callId]) => !callIds.includes(callId));
    const come = callIds.filter(callId => !before.has(callId));
    if (gone.length === 0 && come.length === 0) return;
    for (const [, { injector }] of gone) injector.destroy();
    const kept = [...before].filter(([callId]) => callIds.includes(callId));
    this.#links.set(new Map([...kept, ...come.map(callId => [callId, this.#begin(callId)] as const)]));
  }

  #begin(callId: CallId): Kept {
    const injector = createEnvironmentInjector([], this.#parent);
    return { injector, link: runInInjectionContext(injector, () => new SeatLink(callId)) };
  }
}
