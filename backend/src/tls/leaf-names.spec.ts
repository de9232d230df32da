import { addressesOf } from './interfaces.ts';
import { chooseNames, describeLeftOut, sameNames, type NetworkAddress } from './leaf-names.ts';
import { isPermitted, isPrivateAddress, permittedFor } from './name-constraints.ts';

const permitted = permittedFor('nas', ['cloud.example.org', '203.0.113.9']);
const address = (network: string, text: string, temporary = false): NetworkAddress => ({
  network,
  address: text,
  temporary,
});

function choose(addresses: NetworkAddress[], hosts: string[] = [], hostNames = ['nas']) {
  return chooseNames({ hostNames, addresses, hosts }, permitted);
}

describe('The names of a leaf', () => {
  it('always hold localhost in its three spellings', () => {
    expect(choose([], [], [])).toEqual({ names: { dns: ['localhost'], ip: ['127.0.0.1', '::1'] }, leftOut: [] });
  });

  it('hold private addresses and no others', () => {
    const { names, leftOut } = choose([
      address('eth0', '192.168.1.20'),
      address('eth0', '10.1.2.3'),
      address('eth0', '172.31.255.255'),
      address('eth0', '169.254.7.7'),
      address('eth0', 'fd12:3456::1'),
      address('eth1', '172.32.0.1'),
      address('eth1', '8.8.8.8'),
      address('eth1', '2001:db8::7'),
    ]);
    expect(names.ip.slice(2)).toEqual(['192.168.1.20', '10.1.2.3', '172.31.255.255', '169.254.7.7', 'fd12:3456::1']);
    expect(leftOut.map(one => `${one.host} ${one.reason}`)).toEqual([
      '172.32.0.1 public',
      '8.8.8.8 public',
      '2001:db8::7 public',
    ]);
  });

  for (const network of ['wg0', 'tun1', 'tailscale0', 'utun4', 'zt5u4', 'ppp0']) {
    it(`leave out the VPN behind ${network}, private as its address may be`, () => {
      expect(choose([address(network, '10.8.0.2')]).leftOut).toEqual([{ host: '10.8.0.2', reason: 'tunnel' }]);
    });
  }

  it('leave out carrier addresses, which VPNs use on any interface', () => {
    expect(choose([address('eth0', '100.101.102.103')]).leftOut).toEqual([
      { host: '100.101.102.103', reason: 'tunnel' },
    ]);
  });

  for (const network of ['docker0', 'br-0a1b2c3d', 'veth1234', 'virbr0', 'podman1', 'vEthernet (WSL)']) {
    it(`leave out the bridge ${network}`, () => {
      expect(choose([address(network, '172.17.0.1')]).leftOut).toEqual([{ host: '172.17.0.1', reason: 'container' }]);
    });
  }

  it('leave out temporary addresses', () => {
    expect(choose([address('eth0', 'fd00::abcd', true)]).leftOut).toEqual([
      { host: 'fd00::abcd', reason: 'temporary' },
    ]);
  });

  it('pass over link-local IPv6, which no browser can spell, without a word', () => {
    expect(choose([address('eth0', 'fe80::1')]).leftOut).toEqual([]);
    expect(choose([address('eth0', 'fe80::1')]).names.ip).toEqual(['127.0.0.1', '::1']);
  });

  it('hold what HOSTS names where the root was made with it, whatever network it is on', () => {
    const { names, leftOut } = choose([address('wg0', '203.0.113.9')], ['Cloud.Example.org.', '203.0.113.9']);
    expect(names.dns).toContain('cloud.example.org');
    expect(names.ip).toContain('203.0.113.9');
    expect(leftOut).toEqual([]);
  });

  it('leave out a host name and an entry of HOSTS that came after the root', () => {
    expect(choose([], ['new.example.org', '198.51.100.1'], ['renamed', 'nas']).leftOut).toEqual([
      { host: 'new.example.org', reason: 'outside-root' },
      { host: '198.51.100.1', reason: 'outside-root' },
      { host: 'renamed', reason: 'outside-root' },
    ]);
  });

  for (const text of [
    '',
    'under_score',
    '-a',
    'a..b',
    '*.local',
    '1.2.3',
    'a b',
    'http://a',
    'x'.repeat(64),
    'fe80::1%eth0',
  ]) {
    it(`leave out "${text}", which is no host name`, () => {
      expect(choose([], [text]).leftOut).toEqual([{ host: text, reason: 'not-a-name' }]);
    });
  }

  it('never hold a public top-level domain, which would vouch for every site below it', () => {
    expect(permittedFor('dev', ['com']).dns).not.toContain('dev');
    expect(isPermitted(permittedFor('dev', ['com']), 'google.com')).toBe(false);
    expect(chooseNames({ hostNames: ['dev'], addresses: [], hosts: [] }, permittedFor('dev', [])).leftOut).toEqual([
      { host: 'dev', reason: 'top-level' },
    ]);
  });

  it('are bounded in number', () => {
    const many = Array.from({ length: 500 }, (_, index) => address('eth0', `10.0.${index >> 8}.${index & 255}`));
    expect(choose(many).names.ip.length).toBeLessThanOrEqual(64);
  });

  it('are the same in any order', () => {
    expect(sameNames({ dns: ['a', 'b'], ip: ['::1'] }, { dns: ['b', 'a'], ip: ['::1'] })).toBe(true);
    expect(sameNames({ dns: ['a'], ip: [] }, { dns: ['a', 'b'], ip: [] })).toBe(false);
  });

  it('are told in one line where something is left out', () => {
    expect(describeLeftOut([])).toBeUndefined();
    expect(describeLeftOut([{ host: '8.8.8.8', reason: 'public' }])).toBe(
      'Not in the certificate: 8.8.8.8 (public address).',
    );
  });
});

describe('What a root may vouch for', () => {
  it('ends where the private ranges end', () => {
    const inside = [
      '10.0.0.0',
      '10.255.255.255',
      '172.16.0.0',
      '192.168.255.255',
      '127.0.0.1',
      'fc00::',
      'febf::1',
      '::1',
    ];
    const outside = [
      '9.255.255.255',
      '11.0.0.0',
      '172.15.255.255',
      '192.167.1.1',
      '128.0.0.1',
      'fe00::1',
      'fec0::1',
      '::2',
    ];
    expect(inside.filter(one => !isPrivateAddress(one))).toEqual([]);
    expect(outside.filter(isPrivateAddress)).toEqual([]);
  });

  it('is a name and everything below it, not what merely ends alike', () => {
    expect(isPermitted(permitted, 'a.nas')).toBe(true);
    expect(isPermitted(permitted, 'parley-abcd.local')).toBe(true);
    expect(isPermitted(permitted, 'bananas')).toBe(false);
    expect(isPermitted(permitted, 'notlocal')).toBe(false);
    expect(isPermitted(permitted, 'local.evil.org')).toBe(false);
  });
});

describe("This machine's addresses", () => {
  const entry = (text: string, family: 'IPv4' | 'IPv6') => ({
    address: text,
    netmask: '',
    mac: '',
    internal: text === '127.0.0.1',
    cidr: null,
    scopeid: 0,
    family,
  });
  const interfaces = {
    lo: [entry('127.0.0.1', 'IPv4')],
    eth0: [entry('192.168.1.2', 'IPv4'), entry('fd00::1', 'IPv6'), entry('fd00::99', 'IPv6')],
  };

  it('are temporary where Linux says so', () => {
    const flags = [
      'fd000000000000000000000000000001 02 40 00 81     eth0',
      'fd000000000000000000000000000099 02 40 00 80     eth0',
    ].join('\n');
    // eslint-disable-next-line @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-argument -- the type splits by family
    expect(addressesOf(interfaces as any, flags)).toEqual([
      address('eth0', '192.168.1.2'),
      address('eth0', 'fd00::1', true),
      address('eth0', 'fd00::99'),
    ]);
  });

  it('are temporary after the first of a prefix where no system says so', () => {
    // eslint-disable-next-line @typescript-eslint/no-explicit-any, @typescript-eslint/no-unsafe-argument -- the type splits by family
    expect(addressesOf(interfaces as any, undefined).map(one => one.temporary)).toEqual([false, false, true]);
  });
});
