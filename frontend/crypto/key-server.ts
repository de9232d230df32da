import { type KeysFound } from '#protocol/keys/api';
import { type KeyUser } from '#protocol/keys/objects';

/** The server's verbs of encryption (PROTOCOL.md): one request with a JSON body, answered with JSON. */
export interface KeyServer {
  /** @throws where the request failed or was refused: {@link Refused} with the type of the problem */
  ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
}

/** The server answered with a problem (RFC 9457). */
export class Refused extends Error {
  readonly type: string;

  constructor(type: string) {
    super(`the server refused: ${type}`);
    this.type = type;
  }
}

/** Asks for the keys of these people until all are answered; the server leaves out those who do not fit into a page. */
export async function queryKeys(server: KeyServer, people: readonly KeyUser[]): Promise<KeysFound> {
  const all: KeysFound = {
    device_keys: {},
    master_keys: {},
    self_signing_keys: {},
    user_signing_keys: {},
    device_lists: {},
    failures: {},
    unanswered: [],
  };
  for (let open: readonly KeyUser[] = people; open.length > 0;) {
    const device_keys = Object.fromEntries(open.map(user => [user, []]));
    // Hostile or not: what is wrong in it is refused by the library and by `judgeKeys`, which read it next.
    const page = (await server.ask('POST', '/api/keys/query', { device_keys })) as KeysFound;
    for (const part of [
      'device_keys',
      'master_keys',
      'self_signing_keys',
      'user_signing_keys',
      'device_lists',
    ] as const) {
      Object.assign(all[part], page[part]);
    }
    const left = (page.unanswered ?? []).filter(user => open.includes(user));
    // A page that answers nobody would be asked for without an end.
    if (left.length >= open.length) throw new Error('the server answers no question for keys');
    open = left;
  }
  return all;
}
