import { type FromSeat } from '#protocol/call-frames';
import { openSeat, type SeatSaid, seatPlaintextOf } from '#protocol/crypto/seat-plaintext';
import { anId } from '#protocol/testing/ids';

const CALL = anId<FromSeat['callId']>('00000000-0000-4000-8000-000000000001');
const OTHER = anId<FromSeat['callId']>('00000000-0000-4000-8000-000000000002');
const from = { userId: anId<FromSeat['senderId']>('mira'), deviceId: anId<FromSeat['deviceId']>('phone') };
const said: SeatSaid = { type: 'call.offer', callId: CALL, link: 2, data: '{"sdp":""}' };
const frame: FromSeat = {
  type: 'call.offer',
  callId: CALL,
  link: 2,
  data: 'sealed',
  senderId: from.userId,
  receiverId: anId('jonas'),
  deviceId: from.deviceId,
};
const opened = { from, type: 'call.offer', content: seatPlaintextOf(said) };

describe('what is sealed between seats', () => {
  it('CA36a, CA36b: is the data of a frame, where everything inside is what stands outside', () => {
    expect(openSeat(frame, opened)).toEqual({ ok: true, value: said.data });
  });

  it('CA36b: is refused where one of them differs', () => {
    const differing = {
      'other-sender': [
        { ...opened, from: { ...from, userId: anId<FromSeat['senderId']>('noor') } },
        { ...opened, from: { ...from, deviceId: anId<FromSeat['deviceId']>('tablet') } },
      ],
      'other-type': [{ ...opened, type: 'call.answer' }],
      'other-call': [{ ...opened, content: seatPlaintextOf({ ...said, callId: OTHER }) }],
      'other-link': [{ ...opened, content: seatPlaintextOf({ ...said, link: 1 }) }],
      unreadable: [
        null,
        {},
        'text',
        { ...seatPlaintextOf(said), version: 2 },
        { ...seatPlaintextOf(said), data: '' },
      ].map(content => ({ ...opened, content })),
    };
    for (const [error, cases] of Object.entries(differing))
      for (const one of cases) expect(openSeat(frame, one)).toEqual({ ok: false, error: error as never });
  });
});
