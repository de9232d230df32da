import type { Page } from 'playwright-core';
import type { IceServers } from '#protocol/ice-servers';
import { suiteNeeds } from '../../scripts/suite-needs.ts';
import { ParleyServer } from './parley-server.ts';
import { Profile } from './profile.ts';
import { openSession } from './session.ts';
import { ownAddress } from './turn-server.ts';

/** How two ends in one page have met. */
interface Meeting {
  /** How each end reaches its relay (RTCIceCandidateStats.relayProtocol). */
  readonly protocols: readonly string[];
  readonly received: number;
}

/** Connects two ends in a page by relays alone, and sends 100 messages from one to the other. */
function meet(page: Page, [one, other]: readonly [IceServers, IceServers], url: RegExp): Promise<Meeting> {
  return page.evaluate(
    async ({ given, pattern }) => {
      const [a, b] = given.map(({ iceServers }) => {
        const turn = iceServers.filter(({ credential }) => credential !== undefined);
        const servers = turn.map(({ urls, ...rest }) => ({
          ...rest,
          urls: urls.filter(one => new RegExp(pattern).test(one)),
        }));
        return new RTCPeerConnection({ iceServers: servers as RTCIceServer[], iceTransportPolicy: 'relay' });
      }) as [RTCPeerConnection, RTCPeerConnection];
      a.onicecandidate = ({ candidate }) => candidate && void b.addIceCandidate(candidate);
      b.onicecandidate = ({ candidate }) => candidate && void a.addIceCandidate(candidate);
      const channel = a.createDataChannel('test');
      let received = 0;
      const done = new Promise<void>(resolve => {
        b.ondatachannel = ({ channel: arrived }) => (arrived.onmessage = () => ++received === 100 && resolve());
        a.onconnectionstatechange = () => a.connectionState === 'failed' && resolve();
      });
      channel.onopen = () => Array.from({ length: 100 }, (_one, index) => channel.send(`message ${index}`));
      await a.setLocalDescription();
      await b.setRemoteDescription(a.localDescription as RTCSessionDescription);
      await b.setLocalDescription();
      await a.setRemoteDescription(b.localDescription as RTCSessionDescription);
      await done;
      const protocols: string[] = [];
      for (const end of [a, b]) {
        (await end.getStats()).forEach((entry: { type: string; relayProtocol?: string }) => {
          if (entry.type === 'local-candidate') protocols.push(entry.relayProtocol ?? 'none');
        });
        end.close();
      }
      return { protocols: [...new Set(protocols)], received };
    },
    { given: [one, other], pattern: url.source },
  );
}

suiteNeeds(['certutil'], 'Browsers that come by https', () => {
  let server: ParleyServer;
  let profile: Profile;
  let page: Page;
  /** Both ends of a test call have the same credentials. */
  let ofCall: [IceServers, IceServers];

  beforeAll(async () => {
    server = await ParleyServer.start({ HOSTS: ownAddress() });
    profile = await Profile.make();
    await profile.trust(server.rootCertificate);
    const context = await profile.open();
    const mira = { username: 'mira', password: 'a long password of hers', displayName: 'Mira' };
    const { accessToken } = await openSession(context, server.origin, mira);
    page = await context.newPage();
    await page.goto(`https://${ownAddress()}:${server.httpsPort}/sign-in`);
    const servers = await page.evaluate(async bearer => {
      const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
      const asked = { method: 'POST', headers, body: JSON.stringify({ for: 'test' }) };
      return (await fetch('/api/ice-servers', asked)).json() as Promise<IceServers>;
    }, accessToken);
    ofCall = [servers, servers];
  });
  afterAll(async () => {
    await page.context().close();
    await profile.dispose();
    await server.dispose();
  });

  it('TU1a reach the relay by TLS on the port of the app', async () => {
    expect(await meet(page, ofCall, /^turns:/)).toEqual({ protocols: ['tls'], received: 100 });
  });

  it('TU1d reach it by UDP on the port of the same number', async () => {
    expect(await meet(page, ofCall, /^turn:.*udp$/)).toEqual({ protocols: ['udp'], received: 100 });
  });

  it('TU4a meet when one has UDP and the other nothing but TLS', async () => {
    const [one, other] = ofCall;
    const tlsOnly = (url: string) => url.startsWith('turns:');
    const limited = {
      ...other,
      iceServers: other.iceServers.map(each => ({ ...each, urls: each.urls.filter(tlsOnly) })),
    };
    const { protocols, received } = await meet(page, [one, limited], /^turns:|udp$/);
    expect(received).toBe(100);
    expect(protocols).toEqual(jasmine.arrayWithExactContents(['udp', 'tls']));
  });
});
