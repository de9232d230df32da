import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { isLonger } from '#protocol/bytes';
import { countKeys, countKeyTokens } from '#protocol/json-text';
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
          const parsed = parse(text);
          if (parsed.ok) expect(reference(text)).toBe('once');
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
        expect(reference(text)).toBe('once');
        expect<unknown>(clientFrame.parse(JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(frame)));
      }),
      SEED,
    );
    expect(taken).toBeGreaterThan(300);
  });

  it('P7 finds each key that stands twice, however it is written: as a slow reader of every character does', () => {
    // No key starts with a backslash: V8 13.6 then misreads later keys that are written with an escape. Shapes know no
    // such key, so a frame misread that way is refused.
    const key = fc.constantFrom('a', 'b', '\\u0061', '__proto__', ':', '\\"', 'x\\\\', '');
    const space = fc.constantFrom('', '', ' ', '\n\t');
    const { value } = fc.letrec<{ value: string }>(tie => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.oneof(
          fc.constantFrom('1', 'null', '""', '":"', '"\\":"', '"\\\\"', '"{\\"a\\":1,\\"a\\":2}"'),
          fc.string().map(text => JSON.stringify(text)),
        ),
        fc
          .array(fc.tuple(key, space, tie('value')), { maxLength: 4 })
          .map(entries => `{${entries.map(([k, s, v]) => `${s}"${k}"${s}:${s}${v}`).join(',')}}`),
        fc.array(tie('value'), { maxLength: 3 }).map(items => `[${items.join(' ,')}]`),
      ),
    }));
    fc.assert(
      fc.property(
        value,
        text => (countKeyTokens(text) === countKeys(JSON.parse(text)) ? 'once' : 'twice') === reference(text),
      ),
      SEED,
    );
  });
});

function cut(text: string, at: number, insert: string): string {
  const place = at % (text.length + 1);
  return text.slice(0, place) + insert + text.slice(place + insert.length);
}

/** Reads valid JSON character by character and keeps the keys of every open object. */
function reference(text: string): 'once' | 'twice' {
  const open: Set<string>[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '{' || text[i] === '[') open.push(new Set());
    if (text[i] === '}' || text[i] === ']') open.pop();
    if (text[i] !== '"') continue;
    const from = i++;
    while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
    let after = i + 1;
    while (' \n\r\t'.includes(text[after] ?? 'x')) after++;
    if (text[after] !== ':') continue;
    const key = JSON.parse(text.slice(from, i + 1)) as string;
    const keys = open.at(-1)!;
    if (keys.has(key)) return 'twice';
    keys.add(key);
  }
  return 'once';
}
