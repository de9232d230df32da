/**
 * Converts a line of format 1 to format 2; every other line is returned as it is. In format 1 every conversation has two
 * members, who read all of it, and every message counts.
 * @param line parsed JSON that is not validated yet
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
