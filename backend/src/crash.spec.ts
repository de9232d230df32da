import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conversation, messagePage } from '#protocol/api/conversations';
import { page } from '#protocol/api/page';
import { message, type Message } from '#protocol/chat-frames';
import type { ConversationId, MessageId } from '#protocol/ids';
import { OUTBOX_FRAMES } from '#protocol/limits';
import { signIn, signUp, type Person } from './testing/browser.ts';
import { endAll, run, said } from './testing/process.ts';
import { TestClient } from './testing/test-client.ts';
import { newId } from './testing/new-id.ts';

const DEVICES = 10;
/** So few that what a session is owed never fills its outbox, however late this process comes to confirm it. */
const POSTS = Math.floor(OUTBOX_FRAMES / (2 * DEVICES)) - 5;
/** The server dies when this many posts were acknowledged, in the middle of the others. */
const ENOUGH = 300;

describe('A server that is killed while twenty clients post', () => {
  let directory: string;
  beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'parley-crash-'))));
  afterEach(async () => {
    await endAll();
    await rm(directory, { recursive: true });
  });

  async function serve(): Promise<{ port: string; kill: () => Promise<unknown> }> {
    const folders = { DATA_DIR: join(directory, 'data'), CERTS_DIR: join(directory, 'certs') };
    const ports = { HTTP_PORT: '0', HTTPS_PORT: '0', OPS_LISTEN: '127.0.0.1:0' };
    const server = run({ ...folders, ...ports });
    const [, port = ''] = await said(server, /http:\/\/localhost:(\d+)/);
    return { port, kill: () => (server.process.kill('SIGKILL'), server.exit) };
  }

  async function contacts(origin: string): Promise<{ people: Person[]; conversationId: ConversationId }> {
    const [ada, ben] = [await signUp(origin, 'ada'), await signUp(origin, 'ben')];
    await ada.ask('POST', '/api/contacts', { json: { userId: ben.id } });
    await ben.ask('POST', `/api/contacts/${ada.id}/accept`);
    const { items } = page(conversation).parse((await ben.ask('GET', '/api/conversations')).body);
    const conversationId = items[0]!.id;
    const people = [ada, ben];
    for (const name of ['ada', 'ben'])
      for (let device = 1; device < DEVICES; device++) people.push(await signIn(origin, name));
    return { people, conversationId };
  }

  /** Everything in the conversation, as one of its members pages it. */
  async function history(reader: Person, conversationId: string): Promise<Message[]> {
    const all: Message[] = [];
    for (;;) {
      const path = `/api/conversations/${conversationId}/messages?after=${all.length}`;
      const { items } = messagePage.parse((await reader.ask('GET', path)).body);
      if (items.length === 0) return all;
      all.push(...items.map(item => message.parse(item)));
    }
  }

  it('S16 has kept every message it acknowledged, in its place, and none twice or by half', async () => {
    const { port, kill } = await serve();
    const { people, conversationId } = await contacts(`http://localhost:${port}`);
    const written = new Map<string, string>();
    const acknowledged = new Map<string, number>();

    async function post(client: TestClient): Promise<void> {
      for (let number = 0; number < POSTS; number++) {
        const [id, data] = [newId<MessageId>(), `${number} ${'x'.repeat(number * 7)}`];
        written.set(id, data);
        client.say({ type: 'chat.post', counts: true, conversationId, id, data });
      }
      const closed = client.closed.then(() => null);
      for (;;) {
        const posted = await Promise.race([client.next('chat.posted'), closed]);
        if (!posted) return;
        acknowledged.set(posted.id, posted.seq);
        if (acknowledged.size === ENOUGH) await kill();
      }
    }
    const clients = people.map(() => new TestClient(`ws://localhost:${port}`));
    await Promise.all(clients.map((client, index) => client.hello(people[index]!.accessToken)));
    await Promise.all(clients.map(post));
    expect(acknowledged.size).toBeGreaterThanOrEqual(ENOUGH);

    const again = await serve();
    const reader = await signIn(`http://localhost:${again.port}`, 'ada');
    const kept = await history(reader, conversationId);
    expect(kept.map(({ seq }) => seq)).toEqual(kept.map((_, index) => index + 1));
    expect(new Set(kept.map(({ id }) => id)).size).toBe(kept.length);
    for (const { id, data } of kept) expect(data).toBe(written.get(id) ?? 'never written');
    const lost = [...acknowledged].filter(([id, seq]) => kept[seq - 1]?.id !== id);
    expect(lost).toEqual([]);
  }, 120_000);
});
