import * as z from 'zod/mini';
import { uuid } from '#protocol/ids';
import { readDirectMessage } from '#protocol/direct/read-message';
import { type Result } from '#protocol/result';

/**
 * What two devices in a call say to each other about recordings, over a data channel of their peer connection (PROTOCOL.md,
 * Recording a call). Neither the server nor anybody else hears of it, nor of a recording.
 */

export const recordingId = uuid.brand<'recording'>();
export type RecordingId = z.infer<typeof recordingId>;

/** Largest message, in UTF-16 units. */
const MESSAGE_LENGTH = 256;

const about = { id: recordingId };
const recordingMessage = z.discriminatedUnion('type', [
  /** The first on each channel: this app knows of recordings. `runs`: the one that it makes at the moment. */
  z.object({ type: z.literal('hello'), runs: z.nullable(recordingId) }),
  /** May this end record the call? */
  z.object({ type: z.literal('ask'), ...about }),
  z.object({ type: z.literal('answer'), ...about, allow: z.boolean() }),
  /** It has begun. */
  z.object({ type: z.literal('runs'), ...about }),
  /** By who was asked: it is not allowed, or no longer. */
  z.object({ type: z.literal('stop'), ...about }),
  /** By who asked: it is over, or is not asked for any more. */
  z.object({ type: z.literal('ended'), ...about }),
]);
export type RecordingMessage = z.infer<typeof recordingMessage>;

export const writeRecordingMessage = (message: RecordingMessage): string => JSON.stringify(message);

/** @returns `unreadable` for what is no message of this protocol: the other end is newer, or hostile */
export const readRecordingMessage = (data: unknown): Result<RecordingMessage, 'unreadable'> =>
  readDirectMessage(recordingMessage, MESSAGE_LENGTH, data);
