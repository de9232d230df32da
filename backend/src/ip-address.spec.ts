import { bytesOfIpv6, ipv6OfBytes, plainAddress } from './ip-address.ts';

describe('IP addresses', () => {
  it('are IPv4 where a socket of both families writes them as IPv6, and have no zone', () => {
    expect(plainAddress('::ffff:192.168.1.7')).toBe('192.168.1.7');
    expect(plainAddress('::FFFF:192.168.1.7')).toBe('192.168.1.7');
    expect(plainAddress('fe80::1%eth0')).toBe('fe80::1');
    expect(plainAddress('203.0.113.7')).toBe('203.0.113.7');
  });

  it('of IPv6 have 16 bytes, however they are written', () => {
    for (const [text, bytes] of [
      ['::', '00000000000000000000000000000000'],
      ['::1', '00000000000000000000000000000001'],
      ['2001:db8::7:0:1', '20010db8000000000000000700000001'],
      ['2001:0DB8:1234:5678:11:2233:4455:6677', '20010db8123456780011223344556677'],
      ['fe80::1%eth0', 'fe800000000000000000000000000001'],
      ['64:ff9b::192.0.2.33', '0064ff9b0000000000000000c0000221'],
    ] as const) {
      expect(bytesOfIpv6(text).toString('hex')).withContext(text).toBe(bytes);
      expect(bytesOfIpv6(ipv6OfBytes(bytesOfIpv6(text))).toString('hex')).toBe(bytes);
    }
  });
});
