import { RING_MS } from '#protocol/limits';
import { err, ok, type Result } from '#protocol/result';
import * as read from './variables.ts';

/** One environment variable: what it means, what it is when unset (as text, empty for "none"), and how it is read. */
export type Variable<T> = { about: string; unset: string; read: (text: string) => Result<T, string> };

const variable = <T>(unset: string, reader: Variable<T>['read'], about: string): Variable<T> => ({
  about,
  unset,
  read: reader,
});

/** The push services of the browsers: Chrome, Firefox, Edge on Windows, Safari. */
const BROWSERS_SERVICES = 'fcm.googleapis.com,*.push.services.mozilla.com,*.notify.windows.com,*.push.apple.com';

/** Every variable there is, by the name it has in `Config`; `DATA_DIR` is read into `dataDir`, and so on. */
export const VARIABLES = {
  dataDir: variable('./data', read.text(1024), 'where the database, the secrets and the chosen ports are kept'),
  appDir: variable('', read.optional(read.text(1024)), 'where the built app lies; unset: `dist/app` beside the code'),
  store: variable(
    'sqlite',
    read.store,
    '`sqlite`, or a MongoDB that holds everything: `mongodb://user:password@host/parley`',
  ),
  bus: variable(
    '',
    read.optional(read.redis),
    'Redis that connects several processes: `redis://user:password@host:6379`; needs `SECRETS_DIR`',
  ),
  secretsDir: variable(
    '',
    read.optional(read.text(1024)),
    'where several processes find the same secrets; unset: in `DATA_DIR`, made at the first start',
  ),
  migrateTo: variable(
    '',
    read.optional(read.store),
    'where `npm run migrate` moves everything that `STORE` holds: as that',
  ),
  backupPassphraseFile: variable(
    '',
    read.optional(read.text(1024)),
    'file with the passphrase of `npm run backup` and `restore`, for when nobody is there to be asked',
  ),
  certsDir: variable('./certs', read.text(1024), 'where the root certificate and the one served are kept'),
  httpsPort: variable(
    '',
    read.optional(read.port),
    'port for everybody; unset: 8443 or the next free one, then for ever',
  ),
  httpPort: variable(
    '',
    read.optional(read.port),
    'port for this machine; unset: 8080 or the next free one, then for ever',
  ),
  listen: variable(
    '',
    read.optional(read.address),
    'address to listen on; unset: every one, or loopback with `TLS=off`',
  ),
  publicOrigin: variable('', read.optional(read.origin), 'the one address people know, as `https://parley.example`'),
  hosts: variable('', read.list(read.host), 'further names by which the installation may be called, by commas'),
  tls: variable('on', read.oneOf('on', 'off'), '`off` behind a proxy that speaks https for it'),
  tlsCert: variable('', read.optional(read.text(1024)), 'PEM file of a certificate of your own, with its chain'),
  tlsKey: variable('', read.optional(read.text(1024)), 'PEM file of its key'),
  mdns: variable(
    'on',
    read.oneOf('on', 'off'),
    '`off`: nobody on the LAN is told `parley-….local`, addresses are used',
  ),
  trustedProxies: variable(
    '',
    read.list(read.network),
    'addresses or networks whose `X-Forwarded-*` counts, by commas',
  ),
  opsListen: variable(
    '127.0.0.1:9464',
    read.endpoint,
    'address and port of `/livez`, `/readyz` and `/metrics`; port 0 is any',
  ),
  opsHosts: variable(
    '',
    read.list(read.host),
    'further names by which `OPS_LISTEN` may be called, by commas; `localhost` and its own addresses are always taken',
  ),
  logLevel: variable('info', read.oneOf('error', 'warn', 'info', 'debug', 'silent'), 'what is logged'),
  installationName: variable('Parley', read.text(64), 'what the installation is called on its sign-in page'),
  signUp: variable(
    'invitation',
    read.oneOf('open', 'invitation', 'closed'),
    'who may make an account: `open` anybody, `invitation` who was invited, `closed` nobody',
  ),
  turn: variable(
    'on',
    read.oneOf('on', 'off'),
    '`off`: no relay of its own, so that calls between networks need `TURN_URLS`, which replace it',
  ),
  turnPort: variable(
    '',
    read.optional(read.portOrOff),
    'UDP port of STUN and of the relay; unset: the number of the https port; `off`: by TCP alone',
  ),
  stunUrls: variable('', read.list(read.iceUrl('stun')), 'STUN servers as `stun:host:port`, by commas'),
  turnUrls: variable('', read.list(read.iceUrl('turn')), 'TURN servers as `turn:host:port?transport=udp`, by commas'),
  turnSecret: variable(
    '',
    read.optional(read.text(256)),
    'the secret shared with the TURN servers (`static-auth-secret`)',
  ),
  turnTtl: variable('600', read.whole(60, 86_400), 'how many seconds TURN credentials last'),
  relayOnly: variable('off', read.oneOf('on', 'off'), '`on` hides addresses from peers: calls go through TURN alone'),
  pushContact: variable(
    '',
    read.optional(read.contact),
    'whom a push service may write to, `https:` or `mailto:`; unset: a public `PUBLIC_ORIGIN`, else an example address, which Apple may refuse',
  ),
  pushHosts: variable(BROWSERS_SERVICES, read.list(read.pushHost), 'push services that are asked, by commas'),
  pushNames: variable('on', read.oneOf('on', 'off'), '`off` keeps names out of notifications'),
  resumeWindowMs: variable('60000', read.whole(0, 600_000), 'how long a session without its socket can be resumed'),
  ringMs: variable(
    String(RING_MS),
    read.whole(1_000, RING_MS),
    'how long a call rings, at most; pages stop by themselves soon after the default',
  ),
};

type Read<V> = V extends Variable<infer T> ? T : never;
/** Everything the environment decides; frozen. */
export type Config = { readonly [K in keyof typeof VARIABLES]: Read<(typeof VARIABLES)[K]> };

/** `dataDir` → `DATA_DIR` */
export const variableName = (key: string): string => key.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase();

/** Reads `environment`; the error is one sentence for every variable that is wrong, all at once. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Result<Config, string[]> {
  const wrong: string[] = [];
  const entries = Object.entries(VARIABLES).map(([key, { unset, read: reader }]) => {
    const name = variableName(key);
    const text = environment[name]?.trim();
    const value = reader(text === undefined || text === '' ? unset : text);
    if (!value.ok) wrong.push(`${name} must be ${value.error}.`);
    return [key, value.ok ? value.value : undefined];
  });
  // Each value came from the reader of its own key, and one that failed never gets out.
  const config = Object.freeze(Object.fromEntries(entries)) as Config;
  if (wrong.length === 0) wrong.push(...contradictions(config));
  return wrong.length === 0 ? ok(config) : err(wrong);
}

function contradictions(config: Config): string[] {
  const wrong: string[] = [];
  if ((config.tlsCert === undefined) !== (config.tlsKey === undefined)) wrong.push('TLS_CERT and TLS_KEY go together.');
  if (config.bus !== undefined && config.secretsDir === undefined) wrong.push('BUS needs SECRETS_DIR.');
  if (config.bus !== undefined && config.store === 'sqlite')
    wrong.push('BUS needs STORE=mongodb://…: a file has one process.');
  if (config.turnUrls.length > 0 && config.turnSecret === undefined) wrong.push('TURN_URLS needs TURN_SECRET.');
  if (config.relayOnly === 'on' && config.turnUrls.length === 0 && !hasOwnRelay(config))
    wrong.push(`RELAY_ONLY=on needs TURN_URLS: ${noRelayBecause(config)}.`);
  if (config.httpPort !== undefined && config.httpPort !== 0 && config.httpPort === config.httpsPort)
    wrong.push('HTTP_PORT and HTTPS_PORT must differ.');
  return wrong;
}

type RelayConfig = Pick<Config, 'turn' | 'turnUrls' | 'tls' | 'bus'>;

/** Whether the server relays calls itself. */
export const hasOwnRelay = (config: RelayConfig): boolean =>
  config.turnUrls.length === 0 && noRelayBecause(config) === undefined;

/** Why the server cannot relay calls itself, in words; undefined where it can. */
export function noRelayBecause({ turn, tls, bus }: RelayConfig): string | undefined {
  if (turn === 'off') return 'TURN is off';
  // TURN is no HTTP: a proxy does not let it through.
  if (tls === 'off') return 'a proxy (TLS=off) does not forward TURN';
  // The two ends of a call may have come to two processes, which do not know each other's allocations.
  return bus === undefined ? undefined : 'with BUS the two ends of a call may be at two processes';
}

/** The process's own configuration: the only place that reads its environment. */
export const processConfig = (): Result<Config, string[]> => readConfig(process.env);

/** CONFIGURATION.md: every variable with its default and its meaning. `npm run configuration` writes it. */
export const configurationPage = (): string =>
  [
    '# Configuration',
    '',
    'Parley is configured by environment variables. Each has a default. A wrong value, or two that contradict each other, are named and',
    'stop the start. This page is written by `npm run configuration` from `src/config.ts`.',
    '',
    '| variable | default | meaning |',
    '| --- | --- | --- |',
    ...Object.entries(VARIABLES).map(
      ([key, { unset, about }]) => `| \`${variableName(key)}\` | ${unset === '' ? '' : `\`${unset}\``} | ${about} |`,
    ),
    '',
  ].join('\n');
