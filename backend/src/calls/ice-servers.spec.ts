import { createHmac } from 'node:crypto';
import type { CallId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { createLog } from '../log.ts';
import { createMetrics } from '../ops/metrics.ts';
import { Relay } from '../relay/relay.ts';
import { ManualTime } from '../testing/manual-time.ts';
import { iceServersFor, type IceAsker, type IceConfig } from './ice-servers.ts';

describe('ICE servers', () => {
  const none: IceConfig = { stunUrls: [], turnUrls: [], turnSecret: undefined, turnTtl: 600, relayOnly: 'off' };
  const stun: IceConfig = { ...none, stunUrls: ['stun:attic.lan:3478'] };
  const turn: IceConfig = { ...stun, turnUrls: ['turn:attic.lan:3478?transport=udp'], turnSecret: 'shared' };
  const NOW = 1_700_000_000_500;
  const ada: IceAsker = {
    userId: anId('ada'),
    deviceId: anId('phone'),
    origin: 'https://attic.lan:8443',
    relayCalls: false,
  };
  const ask = (config: IceConfig, asker = ada, relay?: Relay, call: CallId | 'test' = anId<CallId>('c')) =>
    iceServersFor(config, relay, asker, call, NOW);

  it('R12a are none without a relay', () => {
    expect(ask(none)).toEqual({ iceServers: [], relayOnly: false });
  });

  it('R12a are STUN where that is all there is, and nothing expires', () => {
    expect(ask(stun)).toEqual({ iceServers: [{ urls: stun.stunUrls.slice() }], relayOnly: false });
  });

  it('R12a give each device and call credentials of their own that expire', () => {
    const { iceServers, expiresInMs } = ask(turn);
    const [, relay] = iceServers;
    expect(relay?.username).toBe('1700000600:ada:phone:c');
    expect(relay?.credential).toBe(createHmac('sha1', 'shared').update('1700000600:ada:phone:c').digest('base64'));
    expect(expiresInMs).toBe(600_000);
    const others = [
      ask(turn, { ...ada, userId: anId('bob') }),
      ask(turn, { ...ada, deviceId: anId('laptop') }),
      ask(turn, ada, undefined, anId('d')),
    ];
    for (const other of others) expect(other.iceServers[1]?.credential).not.toBe(relay?.credential);
  });

  it('R12b are TURN alone where addresses are hidden', () => {
    const { iceServers, relayOnly } = ask({ ...turn, relayOnly: 'on' });
    expect(relayOnly).toBeTrue();
    expect(iceServers.map(({ urls }) => urls)).toEqual([['turn:attic.lan:3478?transport=udp']]);
    expect(ask(turn, { ...ada, relayCalls: true }))
      .withContext('one person')
      .toEqual({ ...ask(turn), iceServers, relayOnly });
  });

  describe('of the installation itself', () => {
    let relay: Relay;
    beforeEach(() => {
      const time = new ManualTime();
      const shared = { clock: time.clock, timers: time, log: createLog('silent'), metrics: createMetrics() };
      relay = new Relay({ ...shared, secret: 'own', isSeated: () => true });
    });
    afterEach(() => relay.close());
    const urls = (origin: string, config = none) =>
      ask(config, { ...ada, origin }, relay).iceServers.map(one => one.urls);

    it('R12a have the name that the client has come by, on the port of the app', async () => {
      expect(urls('https://attic.lan:8443')).toEqual([['turns:attic.lan:8443?transport=tcp']]);
      await relay.listen(0, '127.0.0.1', false);
      expect(urls('https://parley.example')).toEqual([
        ['stun:parley.example:443'],
        ['turn:parley.example:443?transport=udp', 'turns:parley.example:443?transport=tcp'],
      ]);
      expect(urls('https://[fd00::7]:8443')).toEqual([
        ['stun:[fd00::7]:8443'],
        ['turn:[fd00::7]:8443?transport=udp', 'turns:[fd00::7]:8443?transport=tcp'],
      ]);
      expect(urls('http://localhost:8080')).toEqual([['turn:localhost:8080?transport=tcp']]);
      expect(urls('http://localhost')).toEqual([['turn:localhost:80?transport=tcp']]);
      expect(urls('https://attic.lan:99999')).toEqual([]);
    });

    it('R12a, R12b give way to TURN_URLS, and name STUN_URLS in place of their own', async () => {
      await relay.listen(0, '127.0.0.1', false);
      expect(urls('https://attic.lan', turn)).toEqual([['stun:attic.lan:3478'], ['turn:attic.lan:3478?transport=udp']]);
      expect(urls('https://attic.lan', stun)[0]).toEqual(['stun:attic.lan:3478']);
      const hidden = { ...stun, relayOnly: 'on' } as const;
      expect(urls('https://attic.lan', hidden)).toEqual([
        ['turn:attic.lan:443?transport=udp', 'turns:attic.lan:443?transport=tcp'],
      ]);
    });

    it('R12c, R12d have credentials of one call, or for a minute those of a test call with an id of its own', () => {
      const given = [anId<CallId>('c'), 'test', 'test'] as const;
      const answers = given.map(call => ask(none, ada, relay, call));
      const usernames = answers.map(({ iceServers }) => iceServers.at(-1)?.username ?? '');
      expect(usernames[0]).toBe('1700000600:ada:phone:c');
      for (const username of usernames.slice(1)) expect(username).toMatch(/^1700000060:ada:phone:test-[\w-]{36}$/);
      expect(new Set(usernames).size).toBe(3);
      expect(answers.map(({ expiresInMs }) => expiresInMs)).toEqual([600_000, 60_000, 60_000]);
    });
  });
});
