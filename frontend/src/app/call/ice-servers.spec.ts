import { toConfiguration } from './ice-servers';

describe('toConfiguration', () => {
  it('uses the servers as they come, and any path', () => {
    const servers = [{ urls: ['stun:a.example'] }, { urls: ['turn:b.example'], username: 'u', credential: 'c' }];
    expect(toConfiguration({ iceServers: servers, relayOnly: false })).toEqual({
      iceServers: servers,
      iceTransportPolicy: 'all',
    });
  });

  it('hides addresses where it is told to relay only', () => {
    expect(toConfiguration({ iceServers: [], relayOnly: true }).iceTransportPolicy).toBe('relay');
  });
});
