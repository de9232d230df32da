import { readFileSync } from 'node:fs';
import { type CallId, type UserId } from '#protocol/ids';
import { FRAME_BYTES, HELLO_BYTES, SERVER_FRAME_BYTES } from '#protocol/limits';
import { CLIENT_TYPES, SERVER_TYPES, parseClientFrame, parseServerFrame, type ParseError } from '#protocol/parse';
import { emptyOutbox, receive, send } from '#protocol/outbox';
import { readRouted } from '#protocol/parse-routed';
import { anId } from '#protocol/testing/ids';

type Golden = { name: string; text: string; error?: ParseError['code'] };
const golden = (file: string) =>
  JSON.parse(readFileSync(new URL(`fixtures/${file}.json`, import.meta.url), 'utf8')) as Golden[];
const ID = '0a0a0a0a-0000-4000-8000-00000000000a';

describe('golden frames', () => {
  for (const [end, parse, types] of [
    ['client', parseClientFrame, CLIENT_TYPES],
    ['server', parseServerFrame, SERVER_TYPES],
  ] as const) {
    const frames = golden(`${end}-frames`);
    for (const { name, text, error } of frames) {
      it(`${end}: ${name} ${error ? `is refused as ${error}` : 'is read as it is written'}`, () => {
        const parsed = parse(text);
        if (parsed.ok) expect(parsed.value as unknown).toEqual(JSON.parse(text));
        expect(parsed.ok ? undefined : parsed.error.code).toBe(error);
      });
    }

    it(`${end}: every type has one`, () => {
      const read = frames.filter(frame => !frame.error).map(frame => parse(frame.text));
      expect(new Set(read.map(parsed => (parsed.ok ? parsed.value.type : '')))).toEqual(new Set(types));
    });
  }
});

describe('the parser', () => {
  it('P8b refuses what is longer than its limit in bytes, not in characters', () => {
    const hello = (filler: string) => `{"type":"hello","token":"x"}${filler}`;
    const room = HELLO_BYTES - hello('').length;
    expect(parseClientFrame(hello(' '.repeat(room)), HELLO_BYTES).ok).toBeTrue();
    const tooBig = parseClientFrame(hello(' '.repeat(room + 1)), HELLO_BYTES);
    expect(tooBig.ok ? '' : tooBig.error.code).toBe('too-big');
    expect(parseServerFrame(`"${'é'.repeat(SERVER_FRAME_BYTES / 2)}"`)).toEqual(
      jasmine.objectContaining({ ok: false, error: jasmine.objectContaining({ code: 'too-big' }) }),
    );
  });

  it('P8b says how long a text may be, also where it would be read by hand', () => {
    const data = 'x'.repeat(100);
    const text = `{"type":"call.offer","receiverId":"${ID}","callId":"${ID}","link":1,"data":"${data}","n":1}`;
    const read = (limit: number) => parseClientFrame(text, limit);
    for (const limit of [text.length, text.length * 3, FRAME_BYTES]) expect(read(limit).ok).toBeTrue();
    for (const limit of [text.length - 1, Math.ceil(text.length / 3)]) {
      expect(read(limit)).toEqual({ ok: false, error: { code: 'too-big', detail: `over ${limit} bytes` } });
    }
  });

  const refusals: [text: string, error: ParseError][] = [
    ['x', { code: 'not-json', detail: 'no JSON text' }],
    ...['1', 'null', '"type"', '[]', '{}'].map((text): [string, ParseError] => [
      text,
      { code: 'wrong-shape', detail: 'no object with a type' },
    ]),
    ['{"type":"surprise"}', { code: 'unknown-type', detail: 'unknown type' }],
    ['{"type":["ping"]}', { code: 'unknown-type', detail: 'unknown type' }],
    ['{"type":"surprise","n":5}', { code: 'unknown-type', detail: 'unknown type', n: 5 }],
    ...['0', '-1', '1.5', '"5"', '9007199254740992'].map((n): [string, ParseError] => [
      `{"type":"surprise","n":${n}}`,
      { code: 'unknown-type', detail: 'unknown type' },
    ]),
    ['{"type":"ping","ack":"x"}', { code: 'wrong-shape', detail: 'ping: ack' }],
    ['{"type":"ping","extra":1}', { code: 'wrong-shape', detail: 'ping: ' }],
    [
      '{"type":"fault","n":2,"re":{"type":1},"code":"internal","detail":""}',
      { code: 'wrong-shape', detail: 'fault: re.type', n: 2 },
    ],
    ['{"type":"devices.changed"}', { code: 'unnumbered', detail: 'devices.changed' }],
    ['{"type":"devices.changed","n":0}', { code: 'unnumbered', detail: 'devices.changed' }],
  ];
  for (const [text, error] of refusals) {
    it(`P7 says what is wrong with ${text}`, () => expect(parseServerFrame(text)).toEqual({ ok: false, error }));
  }

  it('P7 says so of a client’s frame, too', () => {
    const text = `{"type":"chat.read","conversationId":"${ID}","seq":1}`;
    expect(parseClientFrame(text)).toEqual({ ok: false, error: { code: 'unnumbered', detail: 'chat.read' } });
    expect(parseClientFrame('{"type":"surprise"}')).toEqual({
      ok: false,
      error: { code: 'unknown-type', detail: 'unknown type' },
    });
  });

  it('P7 reads the deepest nesting a frame can hold without throwing', () => {
    for (const text of ['['.repeat(FRAME_BYTES), '{"a":'.repeat(9_000) + '1' + '}'.repeat(9_000)]) {
      expect(parseClientFrame(text).ok).toBeFalse();
    }
    const deep = `{"type":"ping","ack":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
    expect(parseClientFrame(deep).ok).toBeFalse();
  });

  it('P7 reads by hand what the app says as it says it', () => {
    const data = '{"sdp":"v=0\\r\\n"}';
    const ids = { receiverId: anId<UserId>(ID), callId: anId<CallId>(ID) };
    const said = { type: 'call.offer', ...ids, link: 1, data } as const;
    const [, text] = send(receive(emptyOutbox<object>(), 1)[0], said);
    expect(JSON.parse(JSON.stringify(readRouted(text ?? '')))).toEqual({ ...said, n: 1, ack: 1 });
  });
});
