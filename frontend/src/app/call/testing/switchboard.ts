import { createEnvironmentInjector, type EnvironmentInjector, type Provider, signal } from '@angular/core';
import { of, Subject } from 'rxjs';
import { serveCalls } from '#protocol/call-server';
import { type CallWorld } from '#protocol/call-server-events';
import { type CallRegistry, NO_CALLS } from '#protocol/call-state';
import { type DeviceAddress } from '#protocol/ids';
import { type Welcome } from '#protocol/session-frames';
import { anId } from '#protocol/testing/ids';
import { type Heard, type Said } from '../../signaling/said';
import { type LinkStatus, Signaling } from '../../signaling/signaling';
import { Call } from '../call';
import { CallLink } from '../call-link';
import { CallMedia } from '../call-media';
import { IceServerSource } from '../ice-servers';
import { MarkedSeal, provideMarkedSeal } from './marked-seal';

type Page = Pick<Signaling, 'status' | 'welcome' | 'frames' | 'send' | 'unconfirmed' | 'check' | 'nameCalls'>;

/** The signaling of one page, wired to a switchboard in place of a socket. */
class WiredSignaling implements Page {
  readonly heard = new Subject<Heard>();
  readonly frames = this.heard.asObservable();
  readonly live = signal<LinkStatus>({ is: 'live' });
  readonly status = this.live.asReadonly();
  readonly welcome = signal<Welcome | null>(null).asReadonly();
  readonly sent: Said[] = [];
  readonly #say: (frame: Said) => void;

  constructor(say: (frame: Said) => void) {
    this.#say = say;
  }

  send(frame: Said): void {
    this.sent.push(frame);
    this.#say(frame);
  }

  unconfirmed(): readonly Said[] {
    return [];
  }

  check(): void {
    // Nothing to doubt here.
  }

  nameCalls(): void {
    // No hello follows.
  }
}

/** One page of a spec: its own call, media and link. */
export interface CallPage {
  readonly seat: DeviceAddress;
  readonly signaling: WiredSignaling;
  readonly seal: MarkedSeal;
  readonly injector: EnvironmentInjector;
  readonly call: Call;
  readonly media: CallMedia;
  readonly link: CallLink;
}

/** The real server half of the call machine between pages of one spec; everybody is everybody's contact. */
export class Switchboard {
  readonly #pages: CallPage[] = [];
  readonly #wired: { readonly seat: DeviceAddress; readonly signaling: WiredSignaling }[] = [];
  #registry: CallRegistry = NO_CALLS;
  /** What a server in an attacker's hands makes of a frame that it passes on. */
  tamper: (frame: Heard, to: DeviceAddress) => Heard = frame => frame;
  /** What is said to the server and never arrives. */
  drop: (said: Said) => boolean = () => false;

  /** The line of one more device of a user. */
  wire(user: number): { readonly seat: DeviceAddress; readonly signaling: WiredSignaling } {
    const seat: DeviceAddress = { userId: anId(idOf(user)), deviceId: anId(idOf(user * 100 + this.#wired.length)) };
    const signaling = new WiredSignaling(frame => queueMicrotask(() => this.#serve(seat, frame)));
    this.#wired.push({ seat, signaling });
    return { seat, signaling };
  }

  /** Opens a page of a user; ids are made from numbers. */
  open(parent: EnvironmentInjector, user: number, providers: Provider[] = []): CallPage {
    const { seat, signaling } = this.wire(user);
    const seal = new MarkedSeal(seat);
    const injector = createEnvironmentInjector(
      [
        { provide: Signaling, useValue: signaling },
        { provide: IceServerSource, useValue: { current: () => of({}) } },
        ...provideMarkedSeal(seat, seal),
        Call,
        CallMedia,
        CallLink,
        ...providers,
      ],
      parent,
    );
    const page = {
      seat,
      signaling,
      seal,
      injector,
      call: injector.get(Call),
      media: injector.get(CallMedia),
      link: injector.get(CallLink),
    };
    this.#pages.push(page);
    return page;
  }

  close(): void {
    this.#pages.forEach(({ injector }) => injector.destroy());
  }

  #serve(from: DeviceAddress, frame: Said): void {
    if (!('callId' in frame) || this.drop(frame)) return;
    const [registry, effects] = serveCalls(this.#registry, { type: 'frame', from, frame }, this.#world());
    this.#registry = registry;
    for (const effect of effects) {
      if (effect.do !== 'send') continue;
      const to = this.#wired.find(({ seat }) => seat.deviceId === effect.to.deviceId);
      to?.signaling.heard.next(this.tamper(effect.frame, to.seat));
    }
  }

  #world(): CallWorld {
    return {
      now: performance.now(),
      sessions: userId =>
        this.#wired
          .map(({ seat }) => seat)
          .filter(seat => seat.userId === userId)
          .map(({ deviceId }) => deviceId),
      hasPush: () => false,
      relation: () => 'contacts',
      endedCall: () => undefined,
    };
  }
}

const idOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
