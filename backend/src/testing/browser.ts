import { parseSetCookie } from 'cookie';
import { createHash } from 'node:crypto';
import type { SignedIn } from '#protocol/api/account';
import type { ConversationId, UserId } from '#protocol/ids';

/* eslint-disable @typescript-eslint/no-explicit-any -- what a spec reads from an answer, it checks */

export type Answer = { status: number; headers: Headers; body: any; text: string };
export type Ask = {
  json?: unknown;
  raw?: string | Uint8Array;
  token?: string | undefined;
  headers?: Record<string, string>;
};

/** A browser profile at one origin: it keeps cookies and says where a request comes from. */
export type Browser = {
  origin: string;
  cookies: Map<string, string>;
  ask(method: string, path: string, options?: Ask): Promise<Answer>;
};

/** @param fetchBy how it reaches the origin: a spec may take another way than the system's */
export function openBrowser(origin: string, cookies = new Map<string, string>(), fetchBy = fetch): Browser {
  const ask = async (method: string, path: string, { json, raw, token, headers = {} }: Ask = {}): Promise<Answer> => {
    const response = await fetchBy(new URL(path, origin), {
      method,
      headers: {
        ...(method === 'GET' ? {} : { origin, 'sec-fetch-site': 'same-origin' }),
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(cookies.size === 0 ? {} : { cookie: [...cookies].map(pair => pair.join('=')).join('; ') }),
        ...headers,
      },
      ...(json === undefined && raw === undefined
        ? {}
        : { body: json === undefined ? (raw as string) : JSON.stringify(json) }),
    });
    for (const header of response.headers.getSetCookie()) keep(cookies, header);
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? (JSON.parse(text) as unknown) : undefined,
    };
  };
  return { origin, cookies, ask };
}

function keep(cookies: Map<string, string>, header: string): void {
  const { name, value = '', maxAge } = parseSetCookie(header);
  if (maxAge === 0) cookies.delete(name);
  else cookies.set(name, value);
}

/** What a browser would have made of a password: 43 characters. */
export const loginSecret = (password: string): string => createHash('sha256').update(password).digest('base64url');

/** Somebody signed in on one device. */
export type Person = SignedIn & {
  id: UserId;
  username: string;
  browser: Browser;
  /** Asks as this person. */
  ask(method: string, path: string, options?: Ask): Promise<Answer>;
};

export async function signUp(
  origin: string,
  username: string,
  displayName = username,
  browser = openBrowser(origin),
): Promise<Person> {
  const json = { username, displayName, loginSecret: loginSecret(username), deviceName: `${username}'s browser` };
  return personOf(browser, await browser.ask('POST', '/api/auth/register', { json }), 201);
}

/** Signs in once more, in a browser of its own or in `browser`. */
export async function signIn(origin: string, username: string, browser = openBrowser(origin)): Promise<Person> {
  const json = { username, loginSecret: loginSecret(username), deviceName: `another of ${username}'s` };
  return personOf(browser, await browser.ask('POST', '/api/auth/login', { json }), 200);
}

function personOf(browser: Browser, answer: Answer, expected: number): Person {
  if (answer.status !== expected) throw new Error(`signing in: ${answer.status} ${answer.text}`);
  const signedIn = answer.body as SignedIn;
  return {
    ...signedIn,
    id: signedIn.me.id,
    username: signedIn.me.username,
    browser,
    ask: (method, path, options = {}) => browser.ask(method, path, { token: signedIn.accessToken, ...options }),
  };
}

/** Makes two people accepted contacts; answers with their conversation. */
export async function befriend(one: Person, other: Person): Promise<ConversationId> {
  await one.ask('POST', '/api/contacts', { json: { userId: other.id } });
  const accepted = await other.ask('POST', `/api/contacts/${one.id}/accept`);
  return (accepted.body as { contact: { conversationId: ConversationId } }).contact.conversationId;
}
