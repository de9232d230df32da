import {
  addressAttribute,
  ATTRIBUTE,
  attribute,
  attributeOf,
  CLASS,
  isIntact,
  longTermKey,
  METHOD,
  readAddress,
  readStun,
  writeStun,
} from './stun-message.ts';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex');

// RFC 5769, 2.2, 2.3 and 2.4.
const IPV4_ANSWER =
  hex(`0101003c 2112a442 b7e7a701bc34d686fa87dfae 8022000b 7465737420766563746f7220 00200008 0001a147 e112a643
  00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7 80280004 c07d4c96`);
const IPV6_ANSWER = hex(`01010048 2112a442 b7e7a701bc34d686fa87dfae 8022000b 7465737420766563746f7220 00200014
  0002a147 0113a9faa5d3f179bc25f4b5bed2b9d9 00080014 a382954e4be67bf11784c97c8292c275bfe3ed41 80280004 c8fb0b4c`);
const LONG_TERM_REQUEST =
  hex(`00010060 2112a442 78ad3433c6ad72c029da412e 00060012 e3839ee38388e383aae38383e382afe382b9 0000
  0015001c 662f2f3439396b393534643 64f4c33346f4c39465354767936347341 0014000b 6578616d706c652e6f726700
  00080014 f67024656dd64a3e02b8e0712e85c9a28ca89666`);
const SHORT_TERM_PASSWORD = Buffer.from('VOkJxbRl1RmTxUk/WvJxBt');

describe('STUN messages', () => {
  it('are read as the test vectors of RFC 5769 have them', () => {
    for (const [bytes, address] of [
      [IPV4_ANSWER, '192.0.2.1'],
      [IPV6_ANSWER, '2001:db8:1234:5678:11:2233:4455:6677'],
    ] as const) {
      const message = readStun(bytes)!;
      expect(message.method).toBe(METHOD.binding);
      expect(message.kind).toBe(CLASS.success);
      expect(message.hasFingerprint).toBeTrue();
      expect(isIntact(message, SHORT_TERM_PASSWORD)).toBeTrue();
      const mapped = attributeOf(message, ATTRIBUTE.xorMappedAddress)!;
      expect(readAddress(mapped, message.transactionId)).toEqual({ address, port: 32_853 });
    }
  });

  it('are written as the test vectors of RFC 5769 have them', () => {
    for (const [bytes, address] of [
      [IPV4_ANSWER, '192.0.2.1'],
      [IPV6_ANSWER, '2001:db8:1234:5678:11:2233:4455:6677'],
    ] as const) {
      const { transactionId } = readStun(bytes)!;
      // The vectors pad SOFTWARE with spaces, which RFC 8489, 14 leaves open.
      const software = Buffer.from(attribute(0x8022, 'test vector'));
      software.write(' ', software.length - 1);
      const mapped = addressAttribute(ATTRIBUTE.xorMappedAddress, { address, port: 32_853 }, transactionId);
      const written = writeStun({
        method: METHOD.binding,
        kind: CLASS.success,
        transactionId,
        attributes: [software, mapped],
        key: SHORT_TERM_PASSWORD,
        fingerprint: true,
      });
      expect(written.toString('hex')).toBe(bytes.toString('hex'));
    }
  });

  it('prove long-term credentials as the test vector of RFC 5769 does', () => {
    const message = readStun(LONG_TERM_REQUEST)!;
    expect(attributeOf(message, ATTRIBUTE.realm)?.toString()).toBe('example.org');
    expect(isIntact(message, longTermKey('マトリックス', 'example.org', 'TheMatrIX'))).toBeTrue();
    expect(isIntact(message, longTermKey('マトリックス', 'example.org', 'TheMatrix'))).toBeFalse();
  });

  it('are none where one bit is wrong, a length lies or an attribute leaves the message', () => {
    // FINGERPRINT covers everything but its own type, by which it is known.
    const ownType = [IPV4_ANSWER.length - 8, IPV4_ANSWER.length - 7];
    for (let index = 0; index < IPV4_ANSWER.length; index++) {
      if (ownType.includes(index)) continue;
      const bytes = Buffer.from(IPV4_ANSWER);
      bytes[index] = (bytes[index] ?? 0) ^ 0x01;
      expect(readStun(bytes)).withContext(`byte ${index}`).toBeUndefined();
    }
    for (let length = 0; length < LONG_TERM_REQUEST.length; length++)
      expect(readStun(LONG_TERM_REQUEST.subarray(0, length)))
        .withContext(`${length} bytes`)
        .toBeUndefined();
    const long = Buffer.from(LONG_TERM_REQUEST);
    long.writeUInt16BE(0xffff, 22);
    expect(readStun(long)).toBeUndefined();
  });

  it('ignore what follows their MESSAGE-INTEGRITY', () => {
    const bytes = Buffer.concat([LONG_TERM_REQUEST, attribute(ATTRIBUTE.lifetime, Buffer.alloc(4))]);
    bytes.writeUInt16BE(bytes.length - 20, 2);
    const message = readStun(bytes)!;
    expect(attributeOf(message, ATTRIBUTE.lifetime)).toBeUndefined();
    expect(isIntact(message, longTermKey('マトリックス', 'example.org', 'TheMatrIX'))).toBeTrue();
  });
});
