import { TestBed } from '@angular/core/testing';
import { type FromSeat } from '#protocol/call-frames';
import { type SeatSaid, seatPlaintextOf } from '#protocol/crypto/seat-plaintext';
import { type CallId, type DeviceAddress } from '#protocol/ids';
import { err, ok } from '#protocol/result';
import { anId } from '#protocol/testing/ids';
import type { CallSeen } from '../../../crypto/call-code.ts';
import { CallSeal } from './call-seal';
import { KeysDouble, provideKeys } from './testing/keys-double';

const mira: DeviceAddress = { userId: anId('mira'), deviceId: anId('phone') };
const said: SeatSaid = { type: 'call.offer', callId: anId<CallId>(crypto.randomUUID()), link: 1, data: '{"sdp":""}' };
const frame: FromSeat = {
  ...said,
  data: 'sealed',
  senderId: mira.userId,
  deviceId: mira.deviceId,
  receiverId: anId('jonas'),
};

describe('CallSeal', () => {
  let keys: KeysDouble;
  let seal: CallSeal;
  beforeEach(() => {
    keys = new KeysDouble();
    TestBed.configureTestingModule({ providers: [provideKeys(keys)] });
    seal = TestBed.inject(CallSeal);
  });

  it('CA36a: seals for one device, under the type of the frame, with call and link inside', async () => {
    const asked: unknown[] = [];
    keys.verbs['sealFor'] = (input: unknown) => ok((asked.push(input), 'sealed'));
    expect(await seal.seal(mira, said)).toEqual(ok('sealed'));
    expect(asked).toEqual([
      { to: mira, type: 'call.offer', content: { version: 1, callId: said.callId, link: 1, data: said.data } },
    ]);
  });

  it('CA36b: opens what the other seat has sealed in this call, and nothing else', async () => {
    const content = seatPlaintextOf(said);
    keys.verbs['openFrom'] = () => ok({ from: mira, type: said.type, content });
    expect(await seal.open(frame)).toBe(said.data);
    expect(await seal.open({ ...frame, link: 2 })).toBeNull();
    for (const answer of [
      () => ok({ from: { ...mira, deviceId: anId('tablet') }, type: said.type, content }),
      () => err('plain'),
      () => err('unreadable'),
      () => {
        throw new Error('the worker failed');
      },
    ]) {
      keys.verbs['openFrom'] = answer;
      expect(await seal.open(frame)).toBeNull();
    }
  });

  it('CA36d: says in one word each why nothing can be sealed', async () => {
    keys.verbs['readyFor'] = () => null;
    expect(await seal.obstacle(mira.userId)).toBeNull();
    for (const [why, reason] of [
      ['identity-changed', 'identity-changed'],
      ['own-identity-changed', 'own-identity-changed'],
      ['not-signed-in', 'not-signed'],
      ['no-identity', 'no-keys'],
      ['no-device', 'no-keys'],
    ] as const) {
      keys.verbs['readyFor'] = () => ({ why, who: mira.userId });
      keys.verbs['sealFor'] = () => err({ why, who: mira.userId });
      if (reason !== 'no-keys') expect(await seal.obstacle(mira.userId, mira.deviceId)).toBe(reason);
      expect(await seal.seal(mira, said)).toEqual(err(reason));
    }
    keys.verbs['readyFor'] = () => {
      throw new Error('the worker failed');
    };
    expect(await seal.obstacle(mira.userId)).toBe('keys-unknown');
  });

  it('CA36d: waits a while for the keys of somebody who has just signed up, and not for ever', async () => {
    let refusal: unknown = { why: 'no-identity', who: mira.userId };
    const asked: number[] = [];
    keys.verbs['readyFor'] = () => (asked.push(Date.now()), refusal);
    const obstacle = seal.obstacle(mira.userId);
    while (asked.length === 0) await Promise.resolve();
    refusal = null;
    await Promise.resolve();
    keys.came.next();
    expect(await obstacle).toBeNull();

    jasmine.clock().install().mockDate(new Date());
    try {
      refusal = { why: 'no-identity', who: mira.userId };
      asked.length = 0;
      const never = seal.obstacle(mira.userId);
      while (asked.length === 0) await Promise.resolve();
      for (let i = 0; i < 10; i++) await Promise.resolve();
      jasmine.clock().tick(10_000);
      expect(await never).toBe('no-keys');
    } finally {
      jasmine.clock().uninstall();
    }
  });

  it('CA36d: lets a device that has just signed in become one of its person’s first', async () => {
    keys.state.set('unknown');
    keys.verbs['readyFor'] = () => (keys.state() === 'own' ? null : { why: 'not-signed-in' });
    spyOn(keys, 'settled').and.callFake(async () => keys.state.set('own'));
    expect(await seal.obstacle(mira.userId)).toBeNull();
  });

  it('CA38d: has the machine compute the code, and none where it fails', async () => {
    const seen: CallSeen = {
      callId: said.callId,
      as: 'caller',
      peer: mira,
      fingerprint: 'AA',
      peerFingerprint: 'BB',
      commitment: 'C',
      nonce: 'N',
    };
    keys.verbs['codeOf'] = (input: unknown) => ok({ emoji: [1, 2, 3, 4], masterKey: JSON.stringify(input) });
    expect(await seal.codeOf(seen)).toEqual(ok({ emoji: [1, 2, 3, 4], masterKey: JSON.stringify(seen) }));
    keys.verbs['codeOf'] = () => {
      throw new Error('the worker failed');
    };
    expect(await seal.codeOf(seen)).toEqual(err('no-keys'));
  });
});
