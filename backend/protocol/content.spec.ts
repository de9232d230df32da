import fc from 'fast-check';
import { fitsFrame } from '#protocol/bytes';
import { canPost, fittingLength, mediaState, readContent, writeContent } from '#protocol/content';
import { messageContent } from '#protocol/content/kinds';
import { CONTENT_BYTES, DATA_BYTES, FRAME_BYTES } from '#protocol/limits';
import { emptyOutbox, send } from '#protocol/outbox';
import { parseClientFrame } from '#protocol/parse';
import { anyText } from '#protocol/testing/any-text';

const SEED = { seed: 20261128, numRuns: 1_500 };
const uuid = '0a0a0a0a-0000-4000-8000-00000000000a';
const text = (body: string) => ({ kind: 'text', body }) as const;
/** What an outbox would write, under the highest numbers there are. */
const onTheWire = (data: string): string => {
  const most = Number.MAX_SAFE_INTEGER;
  const box = { ...emptyOutbox<object>(), sent: most - 1, confirmed: most - 1, received: most, told: 0 };
  const frame = { type: 'chat.post', counts: true, senderId: uuid, conversationId: uuid, id: uuid, data };
  return send(box, frame)[1] ?? '';
};

describe('the content of a message', () => {
  it('P22a, P22c can be posted only where its frame is taken, and is read as it was written', () => {
    let [posted, refused] = [0, 0];
    fc.assert(
      fc.property(anyText(40_000), body => {
        if (body === '' || !canPost(text(body))) return void refused++;
        posted++;
        const data = writeContent(text(body));
        const wire = onTheWire(data);
        expect(Buffer.byteLength(wire)).toBeLessThanOrEqual(FRAME_BYTES);
        const parsed = parseClientFrame(wire);
        const read = parsed.ok && parsed.value.type === 'chat.post' ? parsed.value.data : '';
        // A store and a socket encode as UTF-8.
        const stored = Buffer.from(read).toString();
        expect(readContent(messageContent, stored)).toEqual({ ok: true, value: text(body) });
      }),
      SEED,
    );
    expect(posted).toBeGreaterThan(300);
    expect(refused).toBeGreaterThan(100);
  });

  it('P22b leaves room for what sealing adds: padded to 32 KiB and in base64 it still fits a frame', () => {
    expect(Math.ceil(((32 * 1024) / 3) * 4)).toBeLessThan(DATA_BYTES - 4 * 1024);
    expect(CONTENT_BYTES).toBeLessThan(32 * 1024);
    expect(canPost(text('x'.repeat(32_000)))).toBeTrue();
    expect(canPost(text('x'.repeat(33_000)))).toBeFalse();
    expect(canPost(text('字'.repeat(10_800)))).toBeTrue();
    expect(canPost(text('字'.repeat(11_000)))).toBeFalse();
    expect(canPost(text('\u0000'.repeat(8_000)))).toBeFalse();
  });

  it('P22c fits as far as its fitting length says, and no character further', () => {
    fc.assert(
      fc.property(anyText(40_000), body => {
        const length = fittingLength(body);
        if (length === body.length) return void expect(body === '' || canPost(text(body))).toBeTrue();
        expect(canPost(text(body.slice(0, length)))).toBeTrue();
        const next = String.fromCodePoint(body.codePointAt(length) ?? 0);
        expect(canPost(text(body.slice(0, length) + next))).toBeFalse();
        expect((body.codePointAt(length - 1) ?? 0) > 0xffff).toBeFalse();
      }),
      SEED,
    );
    expect(fittingLength('x'.repeat(1_000_000))).toBeGreaterThan(32_000);
  });

  it('P22a measures `data` as JSON writes it, and takes nothing that UTF-8 cannot write', () => {
    fc.assert(
      fc.property(anyText(60_000), data => {
        const bytes = Buffer.byteLength(JSON.stringify(data)) - 2;
        expect(fitsFrame(data)).toBe(bytes <= DATA_BYTES && Buffer.from(data).toString() === data);
      }),
      SEED,
    );
  });
});

describe('the media state of a seat', () => {
  const read = (data: string) => readContent(mediaState, data);

  it('says that a picture is paused, and is what an older client says where it says nothing of that', () => {
    const paused = { microphone: 'on', video: 'none', paused: true } as const;
    expect(read(writeContent(paused))).toEqual({ ok: true, value: paused });
    expect(read('{"microphone":"on","video":"none"}')).toEqual({
      ok: true,
      value: { microphone: 'on', video: 'none' },
    });
  });

  it('is read by a client that does not know a field of it', () => {
    expect(read('{"microphone":"muted","video":"camera","later":[1]}').ok).toBeTrue();
    expect(read('{"microphone":"muted","video":"camera","paused":"maybe"}').ok).toBeFalse();
  });
});
