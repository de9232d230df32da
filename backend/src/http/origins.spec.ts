import type { IncomingMessage } from 'node:http';
import { createOrigins, type OriginOptions } from './origins.ts';

const local = 'parley-abcd.local';
const names = ['localhost', 'nas', 'nas.local', local, '127.0.0.1', '::1', 'fd00::2', '192.168.1.20', '10.0.0.5'];
const none = { publicOrigin: undefined, hosts: [], tls: 'on', trustedProxies: [] } as const;
const origins = (options: Partial<OriginOptions> = {}) =>
  createOrigins({ config: none, names: () => names, ports: () => ({ https: 8443, http: 8080 }), ...options });
const request = (host: string) => ({ headers: { host }, socket: {} }) as IncomingMessage;

describe('the origins of an installation', () => {
  it('begin with PUBLIC_ORIGIN, else the name mDNS answers for, else an address', () => {
    const config = { ...none, publicOrigin: 'https://parley.example' };
    expect(origins({ config, localName: () => local }).canonical()).toBe('https://parley.example');
    expect(origins({ localName: () => local }).canonical()).toBe('https://parley-abcd.local:8443');
    expect(origins().canonical()).toBe('https://192.168.1.20:8443');
    expect(origins({ names: () => ['localhost', '::1', 'fd00::2'] }).canonical()).toBe('https://[fd00::2]:8443');
    expect(origins({ names: () => ['localhost', '::1'] }).canonical()).toBe('https://localhost:8443');
  });

  it('prefer the public domain of a certificate to an address, and pass over its patterns', () => {
    const own = origins({ names: () => ['*.example.org', '192.168.1.20', 'chat.example.org'] });
    expect(own.canonical()).toBe('https://chat.example.org:8443');
    expect(own.all()).toEqual([
      ...['https://chat.example.org:8443', 'https://192.168.1.20:8443', 'http://localhost:8080'],
    ]);
    for (const [host, isOurs] of [
      ['a.example.org', true],
      ['a.b.example.org', false],
      ['example.org', false],
    ] as const)
      expect(own.knowsHost(request(host)))
        .withContext(host)
        .toBe(isOurs);
  });

  it('are all told, the last ones being those by which this machine is not reached', () => {
    expect(origins().all()).toEqual([
      ...['https://192.168.1.20:8443', 'https://10.0.0.5:8443', 'https://[fd00::2]:8443', 'https://nas:8443'],
      ...['https://nas.local:8443', 'https://parley-abcd.local:8443', 'https://localhost:8443'],
      ...['https://127.0.0.1:8443', 'https://[::1]:8443', 'http://localhost:8080'],
    ]);
    expect(origins().reachable()).toEqual(origins().all().slice(0, 5));
  });

  it('have an address for those who cannot resolve a name', () => {
    expect(origins({ localName: () => local }).byAddress()).toBe('https://192.168.1.20:8443');
    expect(origins({ names: () => ['localhost', '127.0.0.1'] }).byAddress()).toBeUndefined();
  });

  it('have a plain address where a device begins that trusts nothing yet', () => {
    expect(origins({ localName: () => local }).welcome()).toBe('http://192.168.1.20:8080');
    expect(origins({ names: () => ['localhost', 'fd00::2'] }).welcome()).toBe('http://[fd00::2]:8080');
    expect(origins({ names: () => ['localhost', 'nas'] }).welcome()).toBe('http://nas:8080');
    expect(origins({ names: () => ['localhost'] }).welcome()).toBeUndefined();
    const config = { ...none, tls: 'off', publicOrigin: 'https://parley.example' } as const;
    expect(origins({ config, names: () => [] }).welcome()).toBeUndefined();
  });

  it('are a public origin alone, or this machine, where a proxy speaks https', () => {
    const off = { names: () => [], ports: () => ({ https: undefined, http: 8080 }) };
    const config = { ...none, tls: 'off', publicOrigin: 'https://parley.example' } as const;
    expect(origins({ ...off, config }).all()).toEqual(['https://parley.example', 'http://localhost:8080']);
    expect(origins({ ...off, config: { ...none, tls: 'off' } }).canonical()).toBe('http://localhost:8080');
    expect(origins({ ...off, config: { ...none, tls: 'off' } }).reachable()).toEqual([]);
  });

  it('R2a follow the names of the certificate and what mDNS answers for', () => {
    let now: readonly string[] = ['localhost', '192.168.1.20'];
    let answers = false;
    const live = origins({ names: () => now, localName: () => (answers ? local : undefined) });
    expect(live.knowsHost(request('192.168.1.21:8443'))).toBeFalse();
    now = ['localhost', '192.168.1.21', local];
    expect(live.knowsHost(request('192.168.1.21:8443'))).toBeTrue();
    expect(live.knowsHost(request('192.168.1.20:8443'))).toBeFalse();
    expect(live.canonical()).toBe('https://192.168.1.21:8443');
    answers = true;
    expect(live.canonical()).toBe(`https://${local}:8443`);
  });
});
