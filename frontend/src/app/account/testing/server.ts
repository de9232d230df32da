import type { Me } from '#protocol/api/account';
import type { Problem, ProblemType } from '#protocol/api/problem';
import { anId } from '#protocol/testing/ids';
import type { Identity } from '../identity';

/** Somebody for a spec. */
export const someone = (more: Partial<Me> = {}): Me => ({
  id: anId('11111111-1111-4111-8111-111111111111'),
  username: 'noor',
  displayName: 'Noor Haddad',
  role: 'user',
  createdAt: 0,
  settings: { readReceipts: true },
  ...more,
});

export const SECRET = 'A'.repeat(43);

export const identityOf = (me: Me = someone()): Identity => ({
  installationId: '22222222-2222-4222-8222-222222222222',
  deviceId: anId('33333333-3333-4333-8333-333333333333'),
  deviceSecret: SECRET,
  me,
});

export const json = (body: unknown, status = 200): Response => new Response(JSON.stringify(body), { status });

export const problemOf = (type: ProblemType, status: number, more: Partial<Problem> = {}): Response =>
  json({ type, title: type, status, ...more }, status);

/** What a request was: "POST /api/auth/login", and its body. */
export interface Asked {
  readonly what: string;
  readonly body: unknown;
  readonly authorization: string | null;
}

/** Answers the page's requests in a server's place for one spec, and keeps what was asked. */
export function serverOf(answers: Readonly<Record<string, (asked: Asked) => Response | Promise<Response>>>): Asked[] {
  const asked: Asked[] = [];
  spyOn(window, 'fetch').and.callFake(async (path, init) => {
    const address = new URL(path instanceof Request ? path.url : path, location.href);
    const what = `${init?.method ?? 'GET'} ${address.pathname}${address.search}`;
    const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
    const one: Asked = { what, body, authorization: new Headers(init?.headers).get('Authorization') };
    asked.push(one);
    const answer = answers[what];
    if (!answer) throw new TypeError(`nobody answers ${what}`);
    return answer(one);
  });
  return asked;
}
