import encodeQR from 'qr';
import { whereToBegin } from './where-to-begin.ts';

const reachable = ['https://parley-abcd.local:8443', 'https://[fd00::2]:8443'];
const welcome = 'http://[fd00::2]:8080';
const router = { tcp: 8443, udp: 8443 };
const forward = (ports: string) =>
  `For people outside of this network, forward ${ports} at the router to this machine.`;

describe('The terminal of a server that has started', () => {
  it('W4b, W4c sends a new device to the welcome page, by a code without a secret, and shows what it may compare', () => {
    expect(whereToBegin({ reachable, welcome, httpPort: 8080, root: { fingerprint: 'AB:CD' }, router })).toEqual([
      'Parley is at http://localhost:8080 on this machine',
      ...['A phone or another computer starts at', '  http://parley-abcd.local:8080', '  http://[fd00::2]:8080'],
      encodeQR(welcome, 'ascii', { border: 2 }),
      ...['and, once it trusts this server, opens Parley at', ...reachable.map(origin => `  ${origin}`)],
      'The certificate it is asked to trust has the SHA-256 fingerprint\n  AB:CD',
      forward('port 8443 (TCP and UDP)'),
    ]);
  });

  it('sends it to https where there is nothing to trust first', () => {
    const [, ...others] = whereToBegin({ reachable, welcome: undefined, httpPort: 8080, root: undefined, router });
    const listed = reachable.map(origin => `  ${origin}`);
    expect(others).toEqual(['and from other devices at', ...listed, forward('port 8443 (TCP and UDP)')]);
  });

  it('names the ports that a router must forward', () => {
    const last = (tcp: number | undefined, udp?: number) =>
      whereToBegin({ reachable, welcome: undefined, httpPort: 8080, root: undefined, router: { tcp, udp } }).at(-1);
    expect(last(8443)).toBe(forward('port 8443 (TCP)'));
    expect(last(8443, 3478)).toBe(forward('ports 8443 (TCP) and 3478 (UDP)'));
    expect(last(undefined)).withContext('behind a proxy').toBe(`  ${reachable[1]}`);
  });

  it('says that no other device can come', () => {
    const alone = whereToBegin({ reachable: [], welcome: undefined, httpPort: 8080, root: undefined, router });
    expect(alone[1]).toContain('HOSTS names one');
  });
});
