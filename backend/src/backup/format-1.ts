/**
 * A line of a backup of format 1 as format 2 says it; every other line is left as it is. Format 1 knew no conversation of
 * more than two, who all read from its first place, and no message that does not count.
 * @param line a line of JSON, of anybody
 */
export function fromFormat1(line: unknown): unknown {
  if (!isObject(line)) return line;
  if (line['kind'] === 'message' && 'senderId' in line) {
    const { senderId: userId, deviceId, ...message } = line;
    return { ...message, author: { userId, deviceId }, counts: true, retracted: false, expiresAt: null };
  }
  if (line['kind'] === 'pair' && !('revision' in line)) {
    const { members, ...pair } = line;
    return { ...pair, revision: 0, members: Array.isArray(members) ? members.map(fromMember1) : members };
  }
  return line;
}

const fromMember1 = (member: unknown): unknown =>
  isObject(member) ? { role: 'member', from: 1, to: null, ...member } : member;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
