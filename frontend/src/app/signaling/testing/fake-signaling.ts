import { signal } from '@angular/core';
import { Subject } from 'rxjs';
import { type DeviceId, type SessionId, type UserId } from '#protocol/ids';
import { type Welcome } from '#protocol/session-frames';
import { anId } from '#protocol/testing/ids';
import { type Keyed } from '../refused-frame';
import { type Heard, type Said } from '../said';
import { type LinkStatus, type Signaling } from '../signaling';

/** Signaling without a server: a spec says what is heard, and reads what was said. */
export class FakeSignaling implements Pick<
  Signaling,
  'status' | 'welcome' | 'frames' | 'send' | 'withdraw' | 'check' | 'unconfirmed'
> {
  readonly status = signal<LinkStatus>({ is: 'connecting' });
  readonly welcome = signal<Welcome | null>(null);
  readonly frames = new Subject<Heard>();
  readonly said: Said[] = [];
  readonly withdrawn: Keyed[] = [];
  checks = 0;

  send(frame: Said): void {
    this.said.push(frame);
  }
  withdraw(frame: Keyed): void {
    this.withdrawn.push(frame);
  }
  check(): void {
    this.checks++;
  }
  unconfirmed(): readonly Said[] {
    return [];
  }

  /** What was said of one type. */
  saidOf<T extends Said['type']>(type: T): Extract<Said, { type: T }>[] {
    return this.said.filter((frame): frame is Extract<Said, { type: T }> => frame.type === type);
  }

  /** The welcome of a session. */
  live(userId: string, how: Welcome['how'] = 'new', epoch = 'first'): void {
    const ids = {
      userId: anId<UserId>(userId),
      deviceId: anId<DeviceId>('device'),
      session: anId<SessionId>('session'),
    };
    const rest = { ack: 0, tokenMs: 600_000, serverTime: 0, epoch, origins: [], presence: [] };
    const welcome: Welcome = { type: 'welcome', how, ...ids, ...rest };
    this.welcome.set(welcome);
    this.status.set({ is: 'live' });
    this.frames.next(welcome);
  }

  lost(): void {
    this.status.set({ is: 'waiting', retryAt: 0, restarting: false });
  }
}
