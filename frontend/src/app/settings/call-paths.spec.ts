import { callPaths } from './call-paths';

describe('the way that calls take', () => {
  const turn = { urls: ['turn:turn.example:3478?transport=udp', 'turns:turn.example:5349'], username: 'u' };
  const stun = { urls: ['stun:stun.example:3478', 'stun:[2001:db8::1]:3478'] };

  it('is not known before the server has answered', () => {
    expect(callPaths(undefined)).toEqual({ paths: 'unknown', hosts: [] });
  });

  it('is direct only where no server takes part', () => {
    expect(callPaths({ iceServers: [], relayOnly: false })).toEqual({ paths: 'direct', hosts: [] });
    const hosts = ['stun.example', '[2001:db8::1]'];
    expect(callPaths({ iceServers: [stun], relayOnly: false })).toEqual({ paths: 'stun', hosts });
  });

  it('names the relay that sound and picture may pass, or always pass', () => {
    const hosts = ['turn.example'];
    expect(callPaths({ iceServers: [stun, turn], relayOnly: false })).toEqual({ paths: 'relayed', hosts });
    expect(callPaths({ iceServers: [turn], relayOnly: true })).toEqual({ paths: 'hidden', hosts });
  });
});
