import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configurationPage, readConfig, variableName, VARIABLES } from './config.ts';

const wrong = (environment: Record<string, string>): string[] => {
  const read = readConfig(environment);
  return read.ok ? [] : read.error;
};

describe('the configuration', () => {
  it('has a default for everything, and cannot be changed afterwards', () => {
    const read = readConfig({});
    if (!read.ok) return fail(read.error.join(' '));
    expect(read.value).toEqual(
      jasmine.objectContaining({
        dataDir: './data',
        tls: 'on',
        httpsPort: undefined,
        hosts: [],
        resumeWindowMs: 60_000,
      }),
    );
    expect(read.value.opsListen).toEqual({ address: '127.0.0.1', port: 9464 });
    expect(Object.isFrozen(read.value)).toBeTrue();
  });

  it('takes an empty variable for an unset one', () => {
    const read = readConfig({ HTTPS_PORT: ' ', TLS: '' });
    expect(read).toEqual(readConfig({}));
  });

  it('names every wrong variable at once', () => {
    const errors = wrong({
      HTTPS_PORT: '70000',
      TLS: 'maybe',
      LOG_LEVEL: 'loud',
      HOSTS: 'fine.lan, not a host',
      TURN_TTL: '1h',
    });
    expect(errors.map(error => error.split(' ')[0]).sort()).toEqual([
      'HOSTS',
      'HTTPS_PORT',
      'LOG_LEVEL',
      'TLS',
      'TURN_TTL',
    ]);
    expect(errors).toContain('HTTPS_PORT must be a whole number from 0 to 65535.');
  });

  const refused: Record<string, string[]> = {
    PUBLIC_ORIGIN: [
      'parley.example',
      'http://parley.example',
      'https://parley.example/chat',
      'https://a b',
      'https://u@parley.example',
    ],
    LISTEN: ['localhost', '1.2.3', '0x7f.1'],
    TRUSTED_PROXIES: ['true', '10.0.0.0/33', '10.0.0.0/-1', 'proxy.lan', '10.0.0.0/8/8'],
    OPS_LISTEN: ['9464x', 'localhost:9464', '127.0.0.1:99999', ':', '127.0.0.1'],
    STUN_URLS: ['http://stun.example', 'stun:', 'stun:a b', 'turn:turn.example'],
    TURN_URLS: ['turn:turn.example?transport=tls', 'stun:stun.example'],
    RESUME_WINDOW_MS: ['-1', '1e3', '600001', '0x10'],
    SIGN_UP: ['invited', 'on'],
    INSTALLATION_NAME: ['x'.repeat(65), 'a\u0007b'],
    PUSH_CONTACT: [
      'me@parley.org',
      'http://parley.org',
      'https://parley-abcd.local',
      'mailto:me@nas.lan',
      'https://10.0.0.7',
    ],
    TURN: ['embedded'],
    TURN_PORT: ['no', '70000'],
    HOSTS: ['https://attic.lan', 'attic.lan:8443', '*.lan'],
  };
  for (const [name, values] of Object.entries(refused))
    for (const value of values)
      it(`refuses ${name}=${JSON.stringify(value)}`, () => {
        const errors = wrong({ [name]: value });
        expect(errors.length).toBe(1);
        expect(errors[0]).toMatch(new RegExp(`^${name} must be `));
      });

  it('refuses what contradicts itself', () => {
    expect(wrong({ TLS_CERT: 'a.pem' })).toEqual(['TLS_CERT and TLS_KEY go together.']);
    expect(wrong({ TURN_URLS: 'turn:turn.example' })).toEqual(['TURN_URLS needs TURN_SECRET.']);
    expect(wrong({ RELAY_ONLY: 'on' })).toEqual([]);
    expect(wrong({ RELAY_ONLY: 'on', TURN: 'off' })).toEqual(['RELAY_ONLY=on needs TURN_URLS: TURN is off.']);
    expect(wrong({ RELAY_ONLY: 'on', TLS: 'off' })).toEqual([
      'RELAY_ONLY=on needs TURN_URLS: a proxy (TLS=off) does not forward TURN.',
    ]);
    expect(wrong({ HTTP_PORT: '8443', HTTPS_PORT: '8443' })).toEqual(['HTTP_PORT and HTTPS_PORT must differ.']);
  });

  it('reads lists, networks and endpoints', () => {
    const read = readConfig({
      HOSTS: 'Attic.lan, 10.0.0.7,',
      TRUSTED_PROXIES: '10.0.0.0/8,fd00::1',
      OPS_LISTEN: '[::1]:0',
      PUBLIC_ORIGIN: 'https://Parley.example/',
    });
    if (!read.ok) return fail(read.error.join(' '));
    expect(read.value.hosts).toEqual(['attic.lan', '10.0.0.7']);
    expect(read.value.trustedProxies).toEqual(['10.0.0.0/8', 'fd00::1']);
    expect(read.value.opsListen).toEqual({ address: '::1', port: 0 });
    expect(read.value.publicOrigin).toBe('https://parley.example');
  });

  it('is documented in CONFIGURATION.md, every variable of it', async () => {
    const page = configurationPage();
    for (const key of Object.keys(VARIABLES)) expect(page).toContain(`| \`${variableName(key)}\` |`);
    const written = await readFile(join(import.meta.dirname, '..', 'CONFIGURATION.md'), 'utf8');
    expect(written).withContext('npm run configuration writes it').toBe(page);
  });
});
