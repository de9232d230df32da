import type { NetworkInterfaceInfo } from 'node:os';
import { isFromLink, linksOf } from './links.ts';

const four = (address: string, bits = 24): NetworkInterfaceInfo => ({
  address,
  netmask: '',
  mac: '',
  internal: address === '127.0.0.1',
  cidr: `${address}/${bits}`,
  family: 'IPv4',
});
const six = (address: string, scopeid = 0): NetworkInterfaceInfo => ({
  address,
  netmask: '',
  mac: '',
  internal: address === '::1',
  cidr: `${address}/64`,
  family: 'IPv6',
  scopeid,
});
const interfaces = {
  lo: [four('127.0.0.1', 8), six('::1')],
  eth0: [four('192.168.1.20'), six('fd00::2'), six('2a02::9'), six('fe80::1', 2)],
  wlan0: [four('192.168.7.20')],
  wg0: [four('10.8.0.2')],
};
const told = ['127.0.0.1', '192.168.1.20', 'fd00::2', '192.168.7.20'];

describe('the links of a machine', () => {
  it('are one for each family of each network card that has an address to be told', () => {
    expect(linksOf(interfaces, told, 'linux').map(link => [link.key, link.through, link.addresses])).toEqual([
      ['eth0 IPv4', '192.168.1.20', ['192.168.1.20', 'fd00::2']],
      ['eth0 IPv6', '::%eth0', ['192.168.1.20', 'fd00::2']],
      ['wlan0 IPv4', '192.168.7.20', ['192.168.7.20']],
    ]);
    expect(linksOf(interfaces, told, 'win32')[1]?.through).toBe('::%2');
  });

  it('are there without IPv4 too', () => {
    const links = linksOf({ eth0: [six('fd00::2'), six('fe80::1', 2)] }, ['fd00::2'], 'linux');
    expect(links.map(link => link.key)).toEqual(['eth0 IPv6']);
  });

  it('hear who shares them and nobody behind a router', () => {
    const [eth4, eth6, wlan] = linksOf(interfaces, told, 'linux');
    if (!eth4 || !eth6 || !wlan) return fail('three links');
    const heard = (source: string) => [eth4, eth6, wlan].map(link => isFromLink(source, link));
    expect(heard('192.168.1.77')).toEqual([true, false, false]);
    expect(heard('192.168.7.77')).toEqual([false, false, true]);
    expect(heard('fe80::77%eth0')).toEqual([false, true, false]);
    expect(heard('fe80::77%wlan0')).toEqual([false, false, false]);
    expect(heard('fd00::77')).toEqual([false, true, false]);
    for (const far of ['8.8.8.8', '10.8.0.9', '2a03::1', 'nonsense', ''])
      expect(heard(far)).toEqual([false, false, false]);
  });
});
