import { readLinkMessage, type LinkMessage } from './link-message';

const sections = (count: number): string => `v=0\r\n${'m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n'.repeat(count)}`;
const offer = (sdp: string) => ({ type: 'offer', sdp, round: 1 }) as const;
const candidate = { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null };
const said = (type: LinkMessage['type'], data: unknown): LinkMessage => ({ type, data: JSON.stringify(data) });

describe('a message of the other end', () => {
  it('is a description of its own type, or candidates', () => {
    for (const type of ['offer', 'answer'] as const) {
      const description = { ...offer(sections(2)), type };
      expect(readLinkMessage(said(`call.${type}`, description))).toEqual({ kind: 'description', description });
    }
    expect(readLinkMessage(said('call.ice-candidate', [candidate]))).toEqual({
      kind: 'candidates',
      candidates: [candidate],
    });
  });

  it('is not read where it is something else than it says', () => {
    const other: LinkMessage[] = [
      said('call.answer', offer('v=0')),
      said('call.offer', [candidate]),
      said('call.offer', { ...offer('v=0'), round: -1 }),
      said('call.ice-candidate', offer('v=0')),
      said('call.ice-candidate', []),
      { type: 'call.offer', data: 'x' },
      { type: 'call.ice-candidate', data: 'x' },
    ];
    for (const message of other) expect(readLinkMessage(message)).withContext(message.data).toBeUndefined();
  });

  it('has no more media sections than a link has, and counts them by the lines that begin them', () => {
    const read = (sdp: string) => readLinkMessage(said('call.offer', offer(sdp)));
    expect(read(sections(0))?.kind).toBe('description');
    expect(read(sections(5))?.kind).toBe('description');
    expect(read(sections(6))).toBeUndefined();
    expect(read(sections(5) + 'a=m=x\r\n'.repeat(9))?.kind).toBe('description');
  });
});
