import * as z from 'zod/mini';
import { type FromSeat } from '#protocol/call-frames';
import { callId, type DeviceAddress } from '#protocol/ids';
import { MAX_LINK } from '#protocol/limits';
import { err, ok, type Result } from '#protocol/result';

/*
 * What stands around `data` inside a sealed frame between seats. Olm binds a message to two devices and to its own event type, and
 * to no call: the server could hand over what was said in another one, or on a link that is over. The round of a description
 * stands in `data` itself.
 */

const VERSION = 1;

const seatPlaintext = z.looseObject({
  version: z.literal(VERSION),
  callId,
  link: z.int().check(z.positive(), z.maximum(MAX_LINK)),
  data: z.string().check(z.minLength(1)),
});

/** What is said to another seat; the type is that of the encrypted event. */
export type SeatSaid = Pick<FromSeat, 'type' | 'callId' | 'link' | 'data'>;

export const seatPlaintextOf = ({ callId, link, data }: SeatSaid): z.infer<typeof seatPlaintext> => ({
  version: VERSION,
  callId,
  link,
  data,
});

/** An event as it was opened, and whose keys have sealed it. */
interface Opened {
  readonly from: DeviceAddress;
  readonly type: string;
  readonly content: unknown;
}

export type SeatRefusal = 'unreadable' | 'other-sender' | 'other-type' | 'other-call' | 'other-link';

/**
 * Compares what is inside with what the server says outside; total.
 * @returns the `data` that was sealed
 */
export function openSeat(frame: FromSeat, opened: Opened): Result<string, SeatRefusal> {
  const { from, type } = opened;
  if (from.userId !== frame.senderId || from.deviceId !== frame.deviceId) return err('other-sender');
  if (type !== frame.type) return err('other-type');
  const parsed = seatPlaintext.safeParse(opened.content);
  if (!parsed.success) return err('unreadable');
  const said = parsed.data;
  if (said.callId !== frame.callId) return err('other-call');
  return said.link === frame.link ? ok(said.data) : err('other-link');
}
