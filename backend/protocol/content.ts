import * as z from 'zod/mini';
import { fitsFrame, isLonger } from '#protocol/bytes';
import { type MessageContent } from '#protocol/content/kinds';
import { CANDIDATE_BATCH, CONTENT_BYTES } from '#protocol/limits';
import { err, ok, type Result } from '#protocol/result';

/** What clients put into the `data` of frames between seats, as JSON. The server never reads it; later it is ciphertext on the wire. */

/**
 * A session description (W3C WebRTC, RTCSessionDescriptionInit). `round` counts the offers of its maker on one link; an
 * answer repeats the round of the offer it answers, so that one to an offer since rolled back is told from the awaited one.
 * `commitment`: to the nonce of the code that the two say to each other (CA38), repeated by the callee.
 */
export const description = z.object({
  type: z.enum(['offer', 'answer']),
  sdp: z.string(),
  round: z.int().check(z.nonnegative()),
  commitment: z.optional(z.string()),
});
export type Description = z.infer<typeof description>;

/** A batch of candidates in gathering order (RTCIceCandidateInit); an empty `candidate` is end-of-candidates. */
export const candidates = z
  .array(
    z.object({
      candidate: z.string(),
      sdpMid: z.optional(z.nullable(z.string())),
      sdpMLineIndex: z.optional(z.nullable(z.int())),
      usernameFragment: z.optional(z.nullable(z.string())),
    }),
  )
  .check(z.minLength(1), z.maxLength(CANDIDATE_BATCH));
export type Candidates = z.infer<typeof candidates>;

/**
 * The whole state of what a seat sends; the latest wins. `paused`: there is a picture, and the network does not carry it at
 * the moment; `video` then says `none`, which is what arrives and what a client that does not know `paused` shows. `held`:
 * its person has put the call on hold and sends nothing. `camera`: whether the camera is sent beside a shared screen (CA44b). `nonce`: the one that the caller has committed to (CA38), base 64.
 */
export const mediaState = z.object({
  microphone: z.enum(['on', 'muted']),
  video: z.enum(['none', 'camera', 'screen']),
  paused: z.optional(z.boolean()),
  held: z.optional(z.literal(true)),
  camera: z.optional(z.boolean()),
  nonce: z.optional(z.string()),
});
export type MediaState = z.infer<typeof mediaState>;

/** Reads what another client wrote. Whoever it is may be hostile or newer: anything else than the shape is an error value. */
export function readContent<T>(shape: z.ZodMiniType<T>, data: string): Result<T, 'unreadable'> {
  try {
    const parsed = shape.safeParse(JSON.parse(data));
    return parsed.success ? ok(parsed.data) : err('unreadable');
  } catch {
    return err('unreadable');
  }
}

export const writeContent = (content: MessageContent | Description | Candidates | MediaState): string =>
  JSON.stringify(content);

/** Whether a message with this content can be sent, now and sealed. */
export const canPost = (content: MessageContent): boolean => {
  const data = writeContent(content);
  return !isLonger(data, CONTENT_BYTES) && fitsFrame(data);
};

/**
 * How much of a text fits into one message, from its beginning.
 * @returns a number of UTF-16 code units that never parts a surrogate pair
 */
export function fittingLength(body: string): number {
  const fits = (length: number) => canPost({ kind: 'text', body: body.slice(0, wholePairs(body, length)) });
  // A code unit takes a byte or more.
  let [least, most] = [0, Math.min(body.length, CONTENT_BYTES)];
  if (most === body.length && fits(most)) return most;
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (fits(middle)) least = middle;
    else most = middle - 1;
  }
  return wholePairs(body, least);
}

/** `length`, or one less where it would part a surrogate pair: a half of one takes more bytes than the whole. */
const wholePairs = (body: string, length: number): number =>
  (body.codePointAt(length - 1) ?? 0) > 0xffff ? length - 1 : length;
