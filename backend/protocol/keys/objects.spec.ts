import { deviceId, userId } from '#protocol/ids';
import { keysUpload, signaturesUpload } from '#protocol/keys/api';
import { TO_DEVICE_BYTES } from '#protocol/keys/limits';
import { deviceKeys, isAtMost, keyUser, keyUserOf, opaque, userIdOf } from '#protocol/keys/objects';

const MIRA = userId.parse('0b0a0b0c-0000-4000-8000-000000000001');
const PHONE = deviceId.parse('0b0a0b0c-0000-4000-8000-00000000000a');
const KEY = 'AM4zVRrKla+4qmqiR6ykolXogp4i+Vwhf4aLLYxQDiI';
const SIGNATURE = 'm+xxMlJyCbemoTi0pc12ezAlFCib2U63ll04IxDx8VB1HYOzlbEfTjI0kH5OOCTL3Th3SPtwrIc9+YgBm9gFBQ';
const signatures = { [keyUserOf(MIRA)]: { [`ed25519:${PHONE}`]: SIGNATURE } };
/** As the machine (matrix-sdk-crypto 18.9) uploads them. */
const DEVICE = {
  algorithms: ['m.olm.v1.curve25519-aes-sha2', 'm.megolm.v1.aes-sha2'],
  device_id: PHONE,
  keys: { [`curve25519:${PHONE}`]: KEY, [`ed25519:${PHONE}`]: KEY },
  signatures,
  user_id: keyUserOf(MIRA),
};

describe('objects of end-to-end encryption', () => {
  it('name a user by their id, and nobody by anything else', () => {
    expect(userIdOf(keyUser.parse(keyUserOf(MIRA)))).toBe(MIRA);
    for (const other of [MIRA, `@${MIRA}`, `@${MIRA}:elsewhere`, `@${MIRA.toUpperCase()}:parley`, '@mira:parley'])
      expect(keyUser.safeParse(other).success).withContext(other).toBeFalse();
  });

  it('are kept as they came, what is not known of them too', () => {
    const signed = { ...DEVICE, dehydrated: true, unsigned: { device_display_name: 'Phone' } };
    expect(deviceKeys.parse(signed)).toEqual(signed as never);
  });

  it('are taken as the machine uploads them', () => {
    const one_time_keys = { 'signed_curve25519:AAAAAAAAAA0': { key: KEY, signatures } };
    const body = { device_keys: DEVICE, fallback_keys: {}, one_time_keys };
    expect(keysUpload.parse(body)).toEqual(body as never);
    expect(signaturesUpload.safeParse({ [keyUserOf(MIRA)]: { [PHONE]: DEVICE } }).success).toBeTrue();
  });

  it('are refused with another algorithm, a key of another length, or too much beside it', () => {
    const wrong = [
      { one_time_keys: { 'curve25519:AAAA': KEY } },
      { one_time_keys: { 'signed_curve25519:AAAA': { key: `${KEY}=`, signatures } } },
      { device_keys: { ...DEVICE, keys: { [`curve25519:${PHONE}`]: 'short' } } },
      { device_keys: { ...DEVICE, note: 'x'.repeat(8 * 1024) } },
      { device_keys: { ...DEVICE, signatures: { '@mallory:parley': {} } } },
    ];
    for (const body of wrong) expect(keysUpload.safeParse(body).success).toBeFalse();
  });

  it('are measured in bytes, and refused where they nest as deep as a reader could fall', () => {
    expect(opaque(TO_DEVICE_BYTES).safeParse({ body: 'é'.repeat(TO_DEVICE_BYTES / 2) }).success).toBeFalse();
    let deep: unknown = {};
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(isAtMost(deep, TO_DEVICE_BYTES)).toBeFalse();
  });
});
