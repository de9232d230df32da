import { createOrigins } from '../http/origins.ts';
import { waysOn } from './ways-on.ts';

const originsOf = (names: readonly string[], localName?: string, publicOrigin?: string) =>
  createOrigins({
    config: { publicOrigin, hosts: [], trustedProxies: [], tls: 'on' },
    names: () => ['localhost', '127.0.0.1', '::1', ...names],
    localName: () => localName,
    ports: () => ({ https: 8443, http: 8080 }),
  });
const name = 'https://parley-abcd.local:8443';
const one = 'https://192.168.1.20:8443';
const other = 'https://[fd00::2]:8443';

describe('The ways on from the welcome page', () => {
  it('are the canonical name first, then what the page was called by', () => {
    const origins = originsOf(['parley-abcd.local', '192.168.1.20', 'fd00::2'], 'parley-abcd.local');
    expect(waysOn(origins, '192.168.1.20:8080')).toEqual({ ask: [name, one], certain: one });
    expect(waysOn(origins, '[fd00::2]:8080')).toEqual({ ask: [name, other, one], certain: other });
    expect(waysOn(origins, 'parley-abcd.local:8080')).toEqual({ ask: [name, one], certain: name });
  });

  it('leave out a name that nothing answers for', () => {
    const origins = originsOf(['parley-abcd.local', '192.168.1.20']);
    expect(waysOn(origins, '192.168.1.20:8080')).toEqual({ ask: [one], certain: one });
  });

  it('leave out what is this machine alone, unless the page was called by it', () => {
    expect(waysOn(originsOf(['192.168.1.20']), '192.168.1.77').ask).toEqual([one]);
    const here = 'https://127.0.0.1:8443';
    expect(waysOn(originsOf(['192.168.1.20']), '127.0.0.1:8080')).toEqual({ ask: [one, here], certain: here });
    expect(waysOn(originsOf([]), '192.168.1.77').ask).toEqual([]);
  });

  it('are a public origin before all others', () => {
    const origins = originsOf(['192.168.1.20'], undefined, 'https://chat.example.org');
    expect(waysOn(origins, 'chat.example.org').ask).toEqual(['https://chat.example.org', one]);
    expect(waysOn(origins, 'not a host').certain).toBe('https://chat.example.org');
  });
});
