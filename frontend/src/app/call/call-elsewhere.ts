import { computed, inject, Service, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { type Media } from '#protocol/call-frames';
import { type CallId, type DeviceId, type UserId } from '#protocol/ids';
import { type Heard } from '../signaling/said';
import { Signaling } from '../signaling/signaling';
import { Call } from './call';

/** A call that another device of this person is in. */
export interface Elsewhere {
  readonly callId: CallId;
  readonly peerId: UserId;
  readonly media: Media;
  readonly deviceId: DeviceId;
}

/** What this person's other devices are in, as the server tells it (CA39). */
@Service()
export class CallElsewhere {
  readonly #own = inject(Call);
  readonly #signaling = inject(Signaling);
  readonly #told = signal<readonly Elsewhere[]>([]);

  /** The one that can be taken over here: of two calls none is, and none beside one of this device's own. */
  readonly call = computed(() => {
    const [call, ...others] = this.#told();
    const { current, held } = this.#own.calls();
    const isFree = current.state === 'idle' && held === null && this.#signaling.status().is === 'live';
    return call !== undefined && others.length === 0 && isFree ? call : null;
  });

  constructor() {
    this.#signaling.frames.pipe(takeUntilDestroyed()).subscribe(frame => this.#hear(frame));
  }

  #hear(frame: Heard): void {
    if (frame.type === 'welcome') {
      if (frame.how !== 'resumed') this.#told.set((frame.calls ?? []).flatMap(told => elsewhere(told, told.peerId)));
    } else if (frame.type === 'call.elsewhere') this.#replace(frame.callId, elsewhere(frame, frame.senderId));
    else if (frame.type === 'call.ended' || (frame.type === 'call.moving' && frame.is === 'arrived'))
      this.#replace(frame.callId, []);
  }

  #replace(callId: CallId, by: readonly Elsewhere[]): void {
    this.#told.update(calls => [...calls.filter(call => call.callId !== callId), ...by]);
  }
}

const elsewhere = (
  { callId, media, deviceId }: { callId: CallId; media: Media; deviceId?: DeviceId | undefined },
  peerId: UserId,
): Elsewhere[] => (deviceId === undefined ? [] : [{ callId, media, peerId, deviceId }]);
