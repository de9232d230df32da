import type * as z from 'zod/mini';
import { err, ok, type Result } from '#protocol/result';

/**
 * Reads a message, as JSON, that two devices in a call say to each other over a data channel.
 * @param longest in UTF-16 units
 * @returns `unreadable` for what is no message of this protocol: the other end is newer, or hostile
 */
export function readDirectMessage<M>(
  message: z.ZodMiniType<M>,
  longest: number,
  data: unknown,
): Result<M, 'unreadable'> {
  if (typeof data !== 'string' || data.length > longest) return err('unreadable');
  try {
    const read = message.safeParse(JSON.parse(data));
    return read.success ? ok(read.data) : err('unreadable');
  } catch {
    return err('unreadable');
  }
}
