import { otherOrigins, rememberedOrigins, rememberOrigins } from './other-origins';

const name = 'https://parley-abcd.local:8443';
const address = 'https://192.168.1.20:8443';

describe('the other origins', () => {
  afterEach(() => localStorage.removeItem('parley.origins'));

  it('are those the server named, without this one and without what is the device itself', () => {
    rememberOrigins([name, address, 'https://localhost:8443', 'https://[::1]:8443', 'http://localhost:8080', name]);
    expect(otherOrigins(rememberedOrigins(), address)).toEqual([name]);
    expect(otherOrigins(rememberedOrigins(), 'https://10.0.0.7:8443')).toEqual([name, address]);
  });

  it('are none on the machine of the server itself', () => {
    expect(otherOrigins(JSON.stringify([name, address]), 'http://localhost:8080')).toEqual([]);
  });

  it('are none where nothing was kept, or nothing that can be read', () => {
    for (const kept of [null, '', '{', '{}', '[1, null]', '["javascript:alert(1)", "http://192.168.1.20"]'])
      expect(otherOrigins(kept, address)).toEqual([]);
  });

  it('are origins and nothing more, and not too many', () => {
    expect(otherOrigins('["https://a.lan/path?x#y"]', address)).toEqual(['https://a.lan']);
    rememberOrigins(Array.from({ length: 1000 }, (_, index) => `https://10.0.0.${index % 250}`));
    expect(rememberedOrigins()!.length).toBeLessThan(500);
    expect(otherOrigins(rememberedOrigins(), address).length).toBe(4);
  });
});
