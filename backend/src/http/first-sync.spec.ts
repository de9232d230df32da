import type { Conversation } from '#protocol/api/conversations';
import type { Page } from '#protocol/api/page';
import type { ConversationId } from '#protocol/ids';
import { NEWEST_ENTRIES, PAGE_BYTES, RECENT_CONVERSATIONS } from '#protocol/limits';
import { befriend, signUp, type Person } from '../testing/browser.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { newId } from '../testing/new-id.ts';

const FRIENDS = 24;

describe('what a new device asks first', () => {
  let server: TestServer;
  let friends: Person[];
  /** When the last conversation was there: the order of a list is that of what came after. */
  let begun: number;

  const post = (conversationId: ConversationId, { id, deviceId }: Person, data: string, at: number) =>
    server.store.appendMessage({
      conversationId,
      id: newId(),
      author: { userId: id, deviceId },
      counts: true,
      data,
      withheldFrom: [],
      at: begun + at,
    });
  /** Somebody with a conversation with each of the friends. */
  async function known(name: string): Promise<[Person, ConversationId[]]> {
    const person = await signUp(server.origin, name);
    const conversations = await Promise.all(friends.map(friend => befriend(person, friend)));
    begun = Date.now();
    return [person, conversations];
  }
  const list = async (person: Person, query: string) => {
    const { status, body, text } = await person.ask('GET', `/api/conversations?${query}`);
    expect(status).toBe(200);
    return { ...(body as Page<Conversation>), bytes: Buffer.byteLength(text) };
  };

  beforeAll(async () => {
    server = await startTestServer();
    friends = await Promise.all(Array.from({ length: FRIENDS }, (_, n) => signUp(server.origin, `friend${n}`)));
  }, 60_000);
  afterAll(() => server.stop());

  it('R18a, R18b gets every conversation in one page, the first of them with their newest entries', async () => {
    const [ada, conversations] = await known('ada');
    for (const [n, conversation] of conversations.entries()) {
      for (let i = 0; i < (n === 0 ? 40 : 2); i += 1) await post(conversation, ada, `${i}`, 100_000 - n);
    }
    const { items, next } = await list(ada, `limit=500&recent=${RECENT_CONVERSATIONS}`);
    expect([items.length, next]).toEqual([FRIENDS, undefined]);
    const counts = items.map(({ entries }) => entries?.length);
    expect(counts.slice(0, RECENT_CONVERSATIONS)).toEqual([NEWEST_ENTRIES, ...Array<number>(19).fill(2)]);
    expect(counts.slice(RECENT_CONVERSATIONS).every(count => count === undefined)).toBeTrue();
    expect(items[0]?.entries?.map(({ seq }) => seq)).toEqual(Array.from({ length: NEWEST_ENTRIES }, (_, i) => i + 11));
    expect(items[0]?.entries?.at(-1)).toEqual(items[0]?.last);
    expect((await list(ada, '')).items.every(({ entries }) => entries === undefined)).toBeTrue();
    for (const query of ['recent=21', 'recent=-1', 'recent=x', 'limit=501']) {
      expect((await ada.ask('GET', `/api/conversations?${query}`)).status)
        .withContext(query)
        .toBe(400);
    }
  }, 60_000);

  it('R18a, R18b ends a page at 512 KB, loses and repeats nothing, and brings the newest of what is too large', async () => {
    const [bob, conversations] = await known('bob');
    const large = 'x'.repeat(48 * 1024);
    const longest = conversations[0]!;
    for (let i = 0; i < 30; i += 1) await post(longest, bob, large, 200_000 + i);
    for (const conversation of conversations.slice(1, 16)) await post(conversation, bob, large, 100_000);
    const seen: string[] = [];
    let pages = 0;
    for (let cursor: string | undefined = ''; cursor !== undefined; pages += 1) {
      const page: Page<Conversation> & { bytes: number } = await list(
        bob,
        `limit=500&recent=20${cursor && `&cursor=${cursor}`}`,
      );
      expect(page.bytes).toBeLessThan(PAGE_BYTES + 1_024);
      seen.push(...page.items.map(({ id }) => id));
      if (pages === 0) expect(page.items[0]?.entries?.at(-1)?.seq).toBe(30);
      cursor = page.next;
    }
    expect(pages).toBeGreaterThan(2);
    expect([...seen].sort()).toEqual([...conversations].sort());
    const path = `/api/conversations/${longest}/messages`;
    const before = await bob.ask('GET', path);
    const after = await bob.ask('GET', `${path}?after=10`);
    for (const { text } of [before, after]) expect(Buffer.byteLength(text)).toBeLessThan(PAGE_BYTES + 1_024);
    const seqs = [before, after].map(({ body }) => (body as { items: { seq: number }[] }).items.map(({ seq }) => seq));
    expect([seqs[0]?.at(-1), seqs[1]?.[0]]).toEqual([30, 11]);
  }, 60_000);
});
