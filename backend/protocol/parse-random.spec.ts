import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { isLonger } from '#protocol/bytes';
import { DATA_BYTES } from '#protocol/limits';
import { clientFrame } from '#protocol/messages';
import { parseClientFrame, parseServerFrame } from '#protocol/parse';
import { readRouted } from '#protocol/parse-routed';

const golden = JSON.parse(readFileSync(new URL('fixtures/client-frames.json', import.meta.url), 'utf8')) as {
  text: string;
}[];
const SEED = { seed: 20261120, numRuns: 2_000 };

describe('the parser of any text', () => {
  it('measures UTF-8 as an encoder does', () => {
    const anyUnits = fc.array(fc.nat(0xffff)).map(units => String.fromCharCode(...units));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), anyUnits), fc.nat(60), (text, limit) => {
        return isLonger(text, limit) === Buffer.byteLength(text) > limit;
      }),
      SEED,
    );
  });

  it('P7 reads any text without throwing', () => {
    const mutated = fc.tuple(fc.constantFrom(...golden), fc.nat(), fc.string({ maxLength: 4 }));
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), mutated), input => {
        const text = typeof input === 'string' ? input : cut(input[0].text, input[1], input[2]);
        for (const parse of [parseClientFrame, parseServerFrame]) {
          expect(typeof parse(text).ok).toBe('boolean');
        }
      }),
      SEED,
    );
  });

  it('P7 takes by hand no frame that its schema would refuse, and makes of it the same', () => {
    const mostly = (good: string, ...odd: string[]) =>
      fc.oneof({ weight: 20, arbitrary: fc.constant(good) }, fc.constantFrom(...odd));
    const id = mostly('"0a0a0a0a-0000-4000-8000-00000000000a"', '"0A0A0A0A-0000-4000-8000-00000000000A"', '"x"', '7');
    const number = mostly('1', '0', '01', '2', '-1', '1.5', '1e3', '1000000', '1000001', '9007199254740992', '"1"');
    const odd = ['', '"', '\\', 'a"', '\\"', '\\x', '\\u12', '\n', '\u0000', '","data":"', 'y'.repeat(DATA_BYTES + 1)];
    const data = fc.oneof(
      { weight: 9, arbitrary: fc.string({ minLength: 1, unit: 'binary' }).map(text => JSON.stringify(text)) },
      fc.constantFrom(...odd).map(text => `"${text}"`),
    );
    const type = mostly('"call.offer"', '"call.answer"', '"call.ice-candidate"', '"call.media-state"', '"call.accept"');
    const after = mostly('', ' ', ',"n":1', ',"extra":1', '}');
    const text = fc
      .tuple(type, id, id, number, data, number, fc.option(number), after)
      .map(([type, to, call, link, data, n, ack, end]) => {
        const tail = `"n":${n}${ack === null ? '' : `,"ack":${ack}`}${end}`;
        return `{"type":${type},"receiverId":${to},"callId":${call},"link":${link},"data":${data},${tail}}`;
      });
    let taken = 0;
    fc.assert(
      fc.property(text, text => {
        const frame = readRouted(text);
        if (frame === null) return;
        taken++;
        expect<unknown>(clientFrame.parse(JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(frame)));
      }),
      SEED,
    );
    expect(taken).toBeGreaterThan(300);
  });
});

function cut(text: string, at: number, insert: string): string {
  const place = at % (text.length + 1);
  return text.slice(0, place) + insert + text.slice(place + insert.length);
}
