import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

/** Places in a logged object where a secret could ever stand. They are cut even where nobody means to log them. */
const SECRETS = [
  'authorization',
  'cookie',
  'token',
  'accessToken',
  'loginSecret',
  'currentSecret',
  'newSecret',
  'deviceSecret',
  'credential',
  'data',
  'body',
];

/**
 * Lines of JSON on standard output, or on `destination`. error: a person must know; warn: recovered; info: one line a
 * step of a life; debug: the rest. Never a token, a description, a candidate or a message's text.
 */
export const createLog = (level: string, destination?: DestinationStream): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      redact: { paths: SECRETS.flatMap(name => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`]), remove: true },
    },
    destination ?? pino.destination({ dest: 1, sync: false }),
  );
