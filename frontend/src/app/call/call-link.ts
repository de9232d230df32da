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
import {
  allOf,
  type AnyCall,
  type ClientCalls,
  deviceAcross,
  isArriving,
  isInCall,
  withId,
} from '#protocol/call-client-state';
import { type ChannelName } from '#protocol/direct/channel';
import { type CallId, type DeviceId } from '#protocol/ids';
import { GuestCalls } from '../crypto/guest-calls';
import { Call } from './call';
import { type PeerChannel } from './peer-channel';
import { SeatLink } from './seat-link';

/** One end of a link: the call, and the device it leads to, which is not known while the call is placed. */
interface End {
  readonly callId: CallId;
  readonly device: DeviceId | undefined;
}

function endsOf(calls: ClientCalls): End[] {
  return allOf(calls).flatMap(call => {
    const devices = isInCall(call) ? [...call.links.keys(), ...call.next.keys()] : [undefined];
    return devices.map(device => ({ callId: call.callId, device }));
  });
}

const nameOf = ({ callId, device }: End): string => `${callId} ${device}`;

interface Kept {
  readonly link: SeatLink;
  readonly injector: EnvironmentInjector;
}

/** The link of a call to this device, or the one that was begun before its device was known. */
function linkAmong(links: readonly Kept[], { callId, device }: End): Kept | undefined {
  const ofCall = links.filter(({ link }) => link.callId === callId);
  return ofCall.find(({ link }) => link.device === device) ?? ofCall.find(({ link }) => link.device === undefined);
}

/**
 * The peer links of this page's calls, one to each device in another seat, and to one that is to take it over. What of them
 * is seen and heard is that of the current call and of its seat alone.
 */
@Service()
export class CallLink {
  readonly #call = inject(Call);
  readonly #guests = inject(GuestCalls);
  readonly #parent = inject(EnvironmentInjector);
  readonly #ends = computed(() => endsOf(this.#call.calls()).map(nameOf).join());
  readonly #links = signal<readonly Kept[]>([]);
  readonly #current = computed(() => {
    const call = this.#call.state();
    // Another device of this person is in the call as long as this one arrives.
    return call.state === 'idle' || isArriving(call) ? undefined : this.#linkOf(call);
  });

  /** The link itself, for statistics and the quality of what is sent. */
  readonly link = computed(() => this.#current()?.link() ?? null);
  /**
   * What the peer sends, for one element each: an element that waits for the first frame of a camera that is off would
   * keep the sound waiting, too.
   */
  readonly sound = computed(() => this.#current()?.sound() ?? null);
  readonly picture = computed(() => this.#current()?.picture() ?? null);
  readonly beside = computed(() => this.#current()?.beside() ?? null);
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
      this.#ends();
      untracked(() => this.#reconcile());
    });
    // A computed signal keeps its last value until it is read again. Without this reader the tracks and the data channel of a
    // call that has ended would stay in memory.
    effect(() => void [this.link(), this.sound(), this.picture(), this.beside(), this.files(), this.chat()]);
    this.#call.seatFrames.pipe(takeUntilDestroyed()).subscribe(frame => {
      // A call may have begun this very moment.
      this.#reconcile();
      for (const { link } of untracked(this.#links))
        if (link.callId === frame.callId && link.device === frame.deviceId) link.hear(frame);
    });
    inject(DestroyRef).onDestroy(() => this.#keep([]));
  }

  /** That of a call, be it on hold. */
  readonly channelOf = (callId: CallId, name: ChannelName): PeerChannel | null => {
    const call = withId(this.#call.calls(), callId);
    // Nothing of a guest's call is kept: no files, no messages, no recording.
    if (!call || this.#guests.concerns(call.peerId)) return null;
    return this.#linkOf(call)?.channels()[name] ?? null;
  };

  #channel(name: ChannelName): PeerChannel | null {
    const call = this.#call.state();
    return call.state === 'idle' || isArriving(call) ? null : this.channelOf(call.callId, name);
  }

  /** The link of this call to its seat. */
  #linkOf(call: AnyCall): SeatLink | undefined {
    return linkAmong(this.#links(), { callId: call.callId, device: deviceAcross(call) })?.link;
  }

  #reconcile(): void {
    this.#keep(endsOf(untracked(this.#call.calls)));
  }

  #keep(ends: readonly End[]): void {
    const before = untracked(this.#links);
    const kept = ends.map(end => ({ end, known: linkAmong(before, end) }));
    for (const gone of before) if (!kept.some(({ known }) => known === gone)) gone.injector.destroy();
    for (const { end, known } of kept) known?.link.leadTo(end.device);
    const isSame = kept.length === before.length && kept.every(({ known }) => known !== undefined);
    if (!isSame) this.#links.set(kept.map(({ end, known }) => known ?? this.#begin(end, before)));
  }

  #begin({ callId, device }: End, others: readonly Kept[]): Kept {
    const injector = createEnvironmentInjector([], this.#parent);
    const certificate = others.find(({ link }) => link.callId === callId)?.link.certificate;
    const link = runInInjectionContext(injector, () => new SeatLink(callId, certificate));
    link.leadTo(device);
    return { injector, link };
  }
}
