import type { CallId, UserId } from '#protocol/ids';

/** What two seats of a call tell each other in the benchmarks, as browsers say it, to the length. */
const CANDIDATE = {
  candidate: 'candidate:842163049 1 udp 1677729535 203.0.113.17 46154 typ srflx raddr 0.0.0.0 rport 0',
  sdpMid: '0',
  sdpMLineIndex: 0,
};
const LINE = 'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n';
const description = (lines: number): string => JSON.stringify({ type: 'offer', sdp: LINE.repeat(lines) });

export type Kind = 'candidate' | 'offer';
export const SIZES = { candidate: '300 bytes', offer: '3.7 KB' } as const;

/** A candidate of one line, or a description of many, to the other seat of a call. */
export function seatFrame(kind: Kind, receiverId: UserId, callId: CallId) {
  const to = { receiverId, callId, link: 1 };
  if (kind === 'candidate') return { type: 'call.ice-candidate', ...to, data: JSON.stringify([CANDIDATE]) } as const;
  const offer = (lines: number) => ({ type: 'call.offer', ...to, data: description(lines) }) as const;
  let lines = 1;
  while (JSON.stringify(offer(lines)).length < 3_700) lines++;
  return offer(lines);
}
