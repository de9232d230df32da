import { spawnSync } from 'node:child_process';

/**
 * Networks of this machine's own, as namespaces with veth pairs. The namespace of the process that builds them is the internet:
 * a bridge that everybody's router is on (203.0.113.0/24 and 2001:db8::/32 are for documentation: RFC 5737, RFC 3849). Nothing
 * in them leads to any real network. Needs root, `ip` and `nft`.
 */

/** How a person's device reaches the internet. */
export const KINDS = {
  lan: 'in the server’s own LAN',
  'full-cone': 'NAT that lets everybody in to a port once used',
  'port-restricted': 'NAT of most homes',
  symmetric: 'NAT with another port for each destination',
  'two NATs': 'a home router behind a carrier’s',
  'no UDP': 'a firewall without UDP',
  'https alone': 'a firewall that lets out TCP to port 443 alone',
  'IPv6 alone': 'IPv6 behind a firewall, without IPv4',
} as const;
export type Kind = keyof typeof KINDS;

/** Where the server is: outside, inside its LAN, and by IPv6. */
export const SERVER = {
  outside: '203.0.113.10',
  lan: '192.168.77.2',
  ipv6: '2001:db8:77::2',
  port: 8443,
  httpsOutside: 443,
};

/** Where a person of a kind opens the app. */
export function originFor(kind: Kind): string {
  if (kind === 'lan') return `https://${SERVER.lan}:${SERVER.port}`;
  if (kind === 'IPv6 alone') return `https://[${SERVER.ipv6}]:${SERVER.port}`;
  return `https://${SERVER.outside}`;
}

/** NATs that give a device one port towards everybody, which the other end can be told (RFC 4787, 4.1). */
const PREDICTABLE: readonly Kind[] = ['full-cone', 'port-restricted', 'two NATs'];

/** How two people must meet: directly wherever UDP can, by the server's relay everywhere else. */
export function expectedPath(a: Kind, b: Kind): 'direct' | 'relayed' {
  if (a === b && (a === 'lan' || a === 'IPv6 alone')) return 'direct';
  if ([a, b].every(kind => PREDICTABLE.includes(kind))) return 'direct';
  // Who lets everybody in is found by whoever sends first.
  const other = a === 'full-cone' ? b : b === 'full-cone' ? a : undefined;
  return other === 'symmetric' || other === 'lan' ? 'direct' : 'relayed';
}

/** Which of the two people a network is for. */
export type Side = 'a' | 'b';
const NUMBER = { a: 21, b: 22 } as const;
const SECOND = { a: 31, b: 32 } as const;

const made = new Set<string>();

/** Runs lines of a shell, stops at the first that fails. */
function sh(lines: readonly string[]): void {
  const { status, stderr } = spawnSync('sh', ['-ec', lines.join('\n')], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`a network cannot be built:\n${stderr}${lines.join('\n')}`);
}

const nameOf = (what: string): string => `parley-lab-${what}`;

function namespace(what: string): string {
  const name = nameOf(what);
  if (made.has(name)) sh([`ip netns del ${name}`]);
  // An address that is still being checked for duplicates changes the network under a page that is loading.
  const noDad = 'sysctl -qw net.ipv6.conf.all.dad_transmits=0 net.ipv6.conf.default.dad_transmits=0';
  sh([`ip netns add ${name}`, `ip -n ${name} link set lo up`, `ip netns exec ${name} ${noDad}`]);
  made.add(name);
  return name;
}

/** Removes every namespace that was made. */
export function removeNetworks(): void {
  for (const name of made) sh([`ip netns del ${name} || true`]);
  made.clear();
}

/** A veth pair: `from` in one namespace, with an address, and its end in the bridge of another (undefined: the internet). */
const cable = (space: string, device: string, bridge: { space?: string; name: string }, peer: string): string[] => {
  const there = bridge.space === undefined ? '' : `-n ${bridge.space}`;
  const end = bridge.space === undefined ? '' : `netns ${bridge.space}`;
  return [
    `ip link add ${peer} ${end} type veth peer name ${device} netns ${space}`,
    `ip ${there} link set ${peer} master ${bridge.name}`,
    `ip ${there} link set ${peer} up`,
    `ip -n ${space} link set ${device} up`,
  ];
};

const address = (space: string, device: string, ...addresses: string[]): string[] =>
  addresses.map(one => `ip -n ${space} addr add ${one} dev ${device}${one.includes(':') ? ' nodad' : ''}`);

const forwarding = (space: string): string[] => [
  `ip netns exec ${space} sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1`,
];

/** A rule set of nftables, loaded at once. */
const rules = (space: string, text: string): string[] => [`ip netns exec ${space} nft -f - <<'END'\n${text}\nEND`];

/** What a router lets through by itself: answers, and what comes from inside. */
const forwardChain = (more: string): string => `
table inet filter {
  chain forward {
    type filter hook forward priority 0; policy drop;
    ${more}
    ct state established,related accept
    iifname "lan*" accept
  }
  chain input {
    type filter hook input priority 0;
    iifname "wan" meta l4proto { tcp, udp } ct state new drop
  }
}`;

/** The internet, and the server's house: its router forwards one port, TCP and UDP. */
export function buildServersHouse(): { server: string } {
  const router = namespace('home');
  const server = namespace('server');
  const { outside, lan, ipv6, port, httpsOutside } = SERVER;
  sh([
    'ip link set lo up',
    'ip link add internet type bridge',
    'ip addr add 203.0.113.1/24 dev internet',
    'ip addr add 2001:db8::1/64 dev internet nodad',
    'ip link set internet up',
    'sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1',
    ...cable(router, 'wan', { name: 'internet' }, 'home'),
    `ip -n ${router} link add lan0 type bridge`,
    `ip -n ${router} link set lan0 up`,
    ...address(router, 'wan', `${outside}/24`, '2001:db8::10/64'),
    ...address(router, 'lan0', '192.168.77.1/24', '2001:db8:77::1/64'),
    ...forwarding(router),
    `ip -n ${router} route add default via 203.0.113.1`,
    `ip -n ${router} route add default via 2001:db8::1`,
    'ip route add 2001:db8:77::/64 via 2001:db8::10',
    // The way of the laboratory itself to a page that is opened in the LAN.
    `ip route add ${lan}/32 via ${outside}`,
    ...cable(server, 'eth0', { space: router, name: 'lan0' }, 'lan-server'),
    ...address(server, 'eth0', `${lan}/24`, `${ipv6}/64`),
    `ip -n ${server} route add default via 192.168.77.1`,
    `ip -n ${server} route add default via 2001:db8:77::1`,
    ...rules(
      router,
      `
table ip nat {
  chain in {
    type nat hook prerouting priority -100;
    ip daddr ${outside} tcp dport ${httpsOutside} dnat to ${lan}:${port}
    ip daddr ${outside} udp dport ${httpsOutside} dnat to ${lan}:${port}
  }
  chain out {
    type nat hook postrouting priority 100;
    oifname "wan" masquerade
    iifname "lan0" oifname "lan0" ct status dnat masquerade
  }
}
${forwardChain(`ct status dnat accept
    ip saddr 203.0.113.1 accept
    ip6 daddr ${ipv6} meta l4proto { tcp, udp } th dport ${port} accept`)}`,
    ),
  ]);
  return { server };
}

/** NAT of a router towards `wan`. */
const NAT: Partial<Record<Kind, (host: string) => string>> = {
  'full-cone': host => `
table ip nat {
  chain in { type nat hook prerouting priority -100; iifname "wan" udp dport 1024-65535 dnat to ${host}; };
  chain out { type nat hook postrouting priority 100; oifname "wan" masquerade; };
}
${forwardChain('ct status dnat accept')}`,
  symmetric: () => `
table ip nat { chain out { type nat hook postrouting priority 100; oifname "wan" masquerade fully-random; }; }
${forwardChain('')}`,
  'no UDP': () => `
table ip nat { chain out { type nat hook postrouting priority 100; oifname "wan" masquerade; }; }
${forwardChain('meta l4proto udp drop')}`,
  'https alone': () => `
table ip nat { chain out { type nat hook postrouting priority 100; oifname "wan" masquerade; }; }
${forwardChain('iifname "lan*" tcp dport != 443 drop\n    iifname "lan*" meta l4proto udp drop')}`,
};
const USUAL = (): string => `
table ip nat { chain out { type nat hook postrouting priority 100; oifname "wan" masquerade; }; }
${forwardChain('')}`;

/** A person's device behind a router of a kind. @returns the namespace in which a browser starts */
export function buildPerson(side: Side, kind: Kind): string {
  const host = namespace(side);
  const number = NUMBER[side];
  if (kind === 'lan') {
    const home = nameOf('home');
    sh([
      `ip -n ${home} link del lan-${side} 2>/dev/null || true`,
      ...cable(host, 'eth0', { space: home, name: 'lan0' }, `lan-${side}`),
      ...address(host, 'eth0', `192.168.77.${number}/24`),
      `ip -n ${host} route add default via 192.168.77.1`,
    ]);
    return host;
  }
  const router = namespace(`router-${side}`);
  const [inside, device] = [`10.${number}.0.1`, `10.${number}.0.2`];
  const isIpv6 = kind === 'IPv6 alone';
  sh([
    `ip link del wan-${side} 2>/dev/null || true`,
    `ip -n ${router} link add lan0 type bridge`,
    `ip -n ${router} link set lan0 up`,
    ...cable(host, 'eth0', { space: router, name: 'lan0' }, 'lan1'),
    ...forwarding(router),
  ]);
  if (isIpv6) {
    const prefix = `2001:db8:${number}:`;
    sh([
      ...cable(router, 'wan', { name: 'internet' }, `wan-${side}`),
      ...address(router, 'wan', `2001:db8::${number}/64`),
      ...address(router, 'lan0', `${prefix}:1/64`),
      ...address(host, 'eth0', `${prefix}:2/64`),
      `ip -n ${router} route add default via 2001:db8::1`,
      `ip -n ${host} route add default via ${prefix}:1`,
      `ip route replace ${prefix}:/64 via 2001:db8::${number}`,
      ...rules(router, forwardChain('')),
    ]);
    return host;
  }
  sh([
    ...address(router, 'lan0', `${inside}/24`),
    ...address(host, 'eth0', `${device}/24`),
    `ip -n ${host} route add default via ${inside}`,
    ...(kind === 'two NATs'
      ? behindCarrier(side, router)
      : towardsInternet(router, `wan-${side}`, `203.0.113.${number}`)),
    ...rules(router, (NAT[kind] ?? USUAL)(device)),
  ]);
  return host;
}

const towardsInternet = (router: string, peer: string, own: string): string[] => [
  ...cable(router, 'wan', { name: 'internet' }, peer),
  ...address(router, 'wan', `${own}/24`),
  `ip -n ${router} route add default via 203.0.113.1`,
];

/** RFC 6598: the carrier's own addresses. */
function behindCarrier(side: Side, router: string): string[] {
  const carrier = namespace(`carrier-${side}`);
  return [
    `ip -n ${carrier} link add lan0 type bridge`,
    `ip -n ${carrier} link set lan0 up`,
    ...cable(router, 'wan', { space: carrier, name: 'lan0' }, 'lan1'),
    ...address(carrier, 'lan0', '100.64.0.1/24'),
    ...address(router, 'wan', '100.64.0.2/24'),
    `ip -n ${router} route add default via 100.64.0.1`,
    ...forwarding(carrier),
    ...towardsInternet(carrier, `wan-${side}`, `203.0.113.${NUMBER[side]}`),
    ...rules(carrier, USUAL()),
  ];
}

/** The networks between which a phone changes. */
export type Way = 'first' | 'second';

/**
 * Gives a person's device a second network, a mobile one with a symmetric NAT, that is down at first.
 * @returns moves the device from one to the other, as a phone that leaves the house: the old network is gone at once
 */
export function buildSecondWay(side: Side, kind: Exclude<Kind, 'lan' | 'IPv6 alone'>): (to: Way) => void {
  const host = nameOf(side);
  const router = namespace(`mobile-${side}`);
  const number = SECOND[side];
  const gateways = { first: `10.${NUMBER[side]}.0.1`, second: `10.${number}.0.1` };
  const devices = { first: 'eth0', second: 'eth1' } as const;
  const addresses = { first: `10.${NUMBER[side]}.0.2/24`, second: `10.${number}.0.2/24` };
  sh([
    `ip link del wan-${side}2 2>/dev/null || true`,
    `ip -n ${router} link add lan0 type bridge`,
    `ip -n ${router} link set lan0 up`,
    ...cable(host, devices.second, { space: router, name: 'lan0' }, 'lan1'),
    `ip -n ${host} link set ${devices.second} down`,
    ...forwarding(router),
    ...address(router, 'lan0', `${gateways.second}/24`),
    ...towardsInternet(router, `wan-${side}2`, `203.0.113.${number}`),
    ...rules(router, (NAT[kind] ?? USUAL)(`10.${number}.0.2`)),
  ]);
  return to => {
    const from = to === 'first' ? 'second' : 'first';
    sh([
      `ip -n ${host} addr flush dev ${devices[from]}`,
      `ip -n ${host} link set ${devices[from]} down`,
      ...address(host, devices[to], addresses[to]),
      `ip -n ${host} link set ${devices[to]} up`,
      `ip -n ${host} route replace default via ${gateways[to]}`,
    ]);
  };
}
