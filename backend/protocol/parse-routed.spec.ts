import { SEAT_TYPES } from '#protocol/call-frames';
import { type CallId, type UserId } from '#protocol/ids';
import { DATA_BYTES, MAX_LINK } from '#protocol/limits';
import { readRouted } from '#protocol/parse-routed';
import { quotedData } from '#protocol/quoted';
import { anId } from '#protocol/testing/ids';

const [to, call] = ['0a0a0a0a-0000-4000-8000-00000000000a', '0b0b0b0b-0000-4000-8000-00000000000b'];
type Parts = Partial<Record<'type' | 'to' | 'call' | 'link' | 'data' | 'n' | 'ack' | 'end', string>>;
/** What the app says of a call, with some parts of the text replaced. */
const text = (parts: Parts = {}): string => {
  const { type, to: receiver, call: id, link, data, n, ack, end } = { ...usual, ...parts };
  return `{"type":${type},"receiverId":${receiver},"callId":${id},"link":${link},"data":${data},"n":${n}${ack}${end}`;
};
const usual = {
  type: '"call.offer"',
  to: `"${to}"`,
  call: `"${call}"`,
  link: '2',
  data: '"a"',
  n: '7',
  ack: '',
  end: '}',
};
const ids = { receiverId: anId<UserId>(to), callId: anId<CallId>(call) };
const frame = { type: 'call.offer', n: 7, ...ids, link: 2, data: 'a' } as const;

/** What is read, as JSON would say it. */
const read = (of: string): unknown => JSON.parse(JSON.stringify(readRouted(of)));

describe('a frame that is read by hand', () => {
  it('P7 has each part as it is written', () => {
    expect(read(text())).toEqual(frame);
    for (const type of SEAT_TYPES) {
      expect(read(text({ type: `"${type}"` }))).toEqual({ ...frame, type });
    }
    expect(read(text({ ack: ',"ack":0' }))).toEqual({ ...frame, ack: 0 });
    expect(read(text({ ack: ',"ack":12' }))).toEqual({ ...frame, ack: 12 });
    expect(read(text({ link: String(MAX_LINK) }))).toEqual({ ...frame, link: MAX_LINK });
    expect(read(text({ n: '999999999999999', ack: ',"ack":999999999999999' }))).toEqual({
      ...frame,
      n: 999_999_999_999_999,
      ack: 999_999_999_999_999,
    });
    expect(read(text({ data: '"\\"\\u0061\\\\"' }))).toEqual({ ...frame, data: '"a\\' });
    expect(readRouted(text({ data: `"${'x'.repeat(DATA_BYTES)}"` }))?.data.length).toBe(DATA_BYTES);
  });

  it('P7 remembers its data as it came', () => {
    expect(quotedData(readRouted(text({ data: '"\\u0061"' })) ?? frame)).toBe('"\\u0061"');
  });

  const left: [what: string, parts: Parts][] = [
    ['another type', { type: '"call.accept"' }],
    ['a type with what a pattern would take', { type: '"call.offe1"' }],
    ['a receiver that is no id', { to: '"x"' }],
    ['a receiver with more than an id', { to: `"${to}0"` }],
    ['a receiver in capitals', { to: `"${to.toUpperCase()}"` }],
    ['a call that is no id', { call: '"x"' }],
    ['a link of 0', { link: '0' }],
    ['a link with a leading 0', { link: '02' }],
    ['a link that is too high', { link: String(MAX_LINK + 1) }],
    ['a link that is far too high', { link: '99999999' }],
    ['a link that is no number', { link: 'x' }],
    ['data that is no string', { data: '1' }],
    ['data that is empty', { data: '""' }],
    ['data that is too long', { data: `"${'x'.repeat(DATA_BYTES + 1)}"` }],
    ['data with a broken escape', { data: '"\\x"' }],
    ['data with half of a surrogate pair', { data: '"\\ud800"' }],
    ['data that does not end', { data: '"a', n: '7}' }],
    ['a number of 0', { n: '0' }],
    ['a number with a leading 0', { n: '07' }],
    ['a number that may be rounded', { n: '1000000000000000' }],
    ['a number that is none', { n: 'x' }],
    ['an ack with a leading 0', { ack: ',"ack":00' }],
    ['an ack that is below 0', { ack: ',"ack":-1' }],
    ['an ack that may be rounded', { ack: ',"ack":1000000000000000' }],
    ['an ack that is none', { ack: ',"ack":x' }],
    ['one more key', { end: ',"x":1}' }],
    ['what stands behind it', { end: '} ' }],
    ['no end', { end: '' }],
  ];
  for (const [what, parts] of left) {
    it(`P7 leaves ${what} to the schemas`, () => expect(read(text(parts))).toBeNull());
  }

  it('P7 leaves what stands before it, another order and other spaces to the schemas', () => {
    expect(read(` ${text()}`)).toBeNull();
    expect(read(text().replace('{', '{ '))).toBeNull();
    expect(read(text().replace('"data":"a",', '').replace('}', ',"data":"a"}'))).toBeNull();
    expect(read(text().replace(',"n"', ' ,"n"'))).toBeNull();
    expect(read('')).toBeNull();
  });
});
