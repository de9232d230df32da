import { TestBed } from '@angular/core/testing';
import { type DeviceId, type SessionId, type UserId } from '#protocol/ids';
import type { FrameOf, ServerFrame } from '#protocol/messages';
import type { PersonPresence } from '#protocol/session-frames';
import { anId } from '#protocol/testing/ids';
import { nextPresence, Presence } from './presence';
import { below, personCalled } from './testing/below';

const mira = personCalled('Mira Sand').id;
const jonas = personCalled('Jonas Weber').id;

const welcome = (presence: PersonPresence[], how: 'new' | 'resumed' = 'new'): FrameOf<ServerFrame, 'welcome'> => ({
  type: 'welcome',
  session: anId<SessionId>(mira),
  how,
  ack: 0,
  userId: mira,
  deviceId: anId<DeviceId>(mira),
  tokenMs: 1,
  serverTime: 1,
  epoch: 'e',
  origins: [],
  presence,
});

describe('presence', () => {
  it('is what the last frame said', () => {
    const online = nextPresence(new Map(), { type: 'presence', userId: mira, state: 'online' });
    expect(online.get(mira)?.state).toBe('online');
    const away = nextPresence(online, { type: 'presence', userId: mira, state: 'offline', lastSeen: 5 });
    expect(away.get(mira)).toEqual({ userId: mira, state: 'offline', lastSeen: 5 });
  });

  it('is offline for everybody whom a welcome does not name, and remembers when they were seen', () => {
    const before = new Map<UserId, PersonPresence>([
      [mira, { userId: mira, state: 'online' }],
      [jonas, { userId: jonas, state: 'offline', lastSeen: 7 }],
    ]);
    const after = nextPresence(before, welcome([], 'resumed'));
    expect(after.get(mira)).toEqual({ userId: mira, state: 'offline' });
    expect(after.get(jonas)?.lastSeen).toBe(7);
  });

  it('is not changed by other frames', () => {
    const known = new Map<UserId, PersonPresence>();
    expect(nextPresence(known, { type: 'contacts.changed' })).toBe(known);
  });

  it('claims nobody while there is no connection', () => {
    const { providers, frames, status } = below();
    TestBed.configureTestingModule({ providers });
    const presence = TestBed.inject(Presence);
    frames.next(welcome([{ userId: mira, state: 'in-call' }]));
    expect(presence.of(mira).state).toBe('in-call');
    status.set({ is: 'waiting' });
    expect(presence.of(mira).state).toBe('offline');
    status.set({ is: 'live' });
    expect(presence.of(jonas).state).toBe('offline');
  });
});
