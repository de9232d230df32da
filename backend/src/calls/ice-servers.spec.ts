import { createHmac } from 'node:crypto';
import { anId } from '#protocol/testing/ids';
import { iceServersFor, type IceConfig } from './ice-servers.ts';

describe('ICE servers', () => {
  const none: IceConfig = { stunUrls: [], turnUrls: [], turnSecret: undefined, turnTtl: 600, relayOnly: 'off' };
  const stun: IceConfig = { ...none, stunUrls: ['stun:attic.lan:3478'] };
  const turn: IceConfig = { ...stun, turnUrls: ['turn:attic.lan:3478?transport=udp'], turnSecret: 'shared' };
  const NOW = 1_700_000_000_500;

  it('R12 are none by default', () => {
    expect(iceServersFor(none, anId('ada'), NOW)).toEqual({ iceServers: [], relayOnly: false });
  });

  it('R12 are STUN where that is all there is, and nothing runs out', () => {
    expect(iceServersFor(stun, anId('ada'), NOW)).toEqual({
      iceServers: [{ urls: stun.stunUrls.slice() }],
      relayOnly: false,
    });
  });

  it('R12 give each user credentials of their own that run out', () => {
    const { iceServers, expiresInMs } = iceServersFor(turn, anId('ada'), NOW);
    const [, relay] = iceServers;
    expect(relay?.username).toBe('1700000600:ada');
    expect(relay?.credential).toBe(createHmac('sha1', 'shared').update('1700000600:ada').digest('base64'));
    expect(expiresInMs).toBe(600_000);
    expect(iceServersFor(turn, anId('bob'), NOW).iceServers[1]?.credential).not.toBe(relay?.credential);
  });

  it('R12 are TURN alone where addresses are hidden', () => {
    const { iceServers, relayOnly } = iceServersFor({ ...turn, relayOnly: 'on' }, anId('ada'), NOW);
    expect(relayOnly).toBeTrue();
    expect(iceServers.map(({ urls }) => urls)).toEqual([['turn:attic.lan:3478?transport=udp']]);
  });
});
