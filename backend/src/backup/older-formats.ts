import * as z from 'zod/mini';
import { media } from '#protocol/call-frames';
import { endReason } from '#protocol/end-reason';
import { callId, deviceId, userId } from '#protocol/ids';
import { linesOf } from '../store/call-of-two.ts';

/**
 * Converts a line of an older format to the present one; every other line is returned as it is. In format 1 every
 * conversation has two members, who read all of it, and every message counts. Till format 2 a call has two people.
 * @param line parsed JSON that is not validated yet
 */
export function fromOlderFormat(line: unknown): unknown {
  if (!isObject(line)) return line;
  if (line['kind'] === 'message' && 'senderId' in line) {
    const { senderId, deviceId: from, ...message } = line;
    const author = { userId: senderId, deviceId: from };
    return { ...message, author, counts: true, retracted: false, expiresAt: null };
  }
  if (line['kind'] === 'pair' && !('revision' in line)) {
    const { members, ...pair } = line;
    return { ...pair, revision: 0, members: Array.isArray(members) ? members.map(fromMember1) : members };
  }
  if (line['kind'] === 'call' && 'callerId' in line) return fromCall2(line);
  return line;
}

const fromMember1 = (member: unknown): unknown =>
  isObject(member) ? { role: 'member', from: 1, to: null, ...member } : member;

const time = z.int().check(z.nonnegative());
const callOfTwo = z.strictObject({
  kind: z.literal('call'),
  callId,
  position: time,
  media,
  callerId: userId,
  callerDevice: deviceId,
  calleeId: userId,
  calleeDevice: z.nullable(deviceId),
  state: z.literal('ended'),
  at: time,
  answeredAt: z.nullable(time),
  endedAt: z.nullable(time),
  callerReason: z.nullable(endReason),
  calleeReason: z.nullable(endReason),
});

/** What is no call of format 2 stays as it is, and is refused with the line. */
function fromCall2(line: object): unknown {
  const read = callOfTwo.safeParse(line);
  if (!read.success) return line;
  const { kind, callId: id, position, media: of, state, at } = read.data;
  return { kind, callId: id, position, media: of, state, at, ...linesOf(read.data) };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
