import { randomUUID } from 'node:crypto';
import { callLog } from '#protocol/api/calls';
import { retractionPage } from '#protocol/api/conversations';
import type { ConversationId, MessageId, UserId } from '#protocol/ids';
import { ROUTES } from './routes.ts';
import type { CallRecord } from '../store/calls.ts';
import { befriend, signUp, type Person } from '../testing/browser.ts';
import { rawRequest } from '../testing/raw-request.ts';
import { writeCursor } from '../store/cursor.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { newId } from '../testing/new-id.ts';

describe('lists', () => {
  let server: TestServer;
  let ada: Person;
  let bob: Person;
  let conversation: ConversationId;
  const post = (data: string, from = ada, withheldFrom: UserId[] = []) =>
    server.store.appendMessage({
      conversationId: conversation,
      id: newId(),
      author: { userId: from.id, deviceId: from.deviceId },
      counts: true,
      data,
      withheldFrom,
      at: 1,
    });
  const messages = async (query: string, person = ada) =>
    person.ask('GET', `/api/conversations/${conversation}/messages?${query}`);
  beforeAll(async () => {
    server = await startTestServer();
    ada = await signUp(server.origin, 'ada');
    bob = await signUp(server.origin, 'bob');
    await server.store.setRole(ada.id, 'admin');
    conversation = await befriend(ada, bob);
    for (let seq = 1; seq <= 7; seq += 1) await post(`message ${seq}`);
  });
  afterAll(() => server.stop());

  it('R19a, R19b, R19c retractions are paged by number, each once, and say where to go on', async () => {
    const other = await befriend(ada, await signUp(server.origin, 'dora'));
    const ids = Array.from({ length: 5 }, () => newId<MessageId>());
    for (const id of ids) {
      const author = { userId: ada.id, deviceId: ada.deviceId };
      const message = { conversationId: other, id, author, counts: true, data: 'gone soon', withheldFrom: [], at: 1 };
      await server.store.appendMessage(message);
    }
    for (const id of [...ids].reverse())
      await server.store.retractMessage({ conversationId: other, authorId: ada.id, id });
    const path = `/api/conversations/${other}/retractions`;
    const listed = await ada.ask('GET', '/api/conversations?limit=500');
    const rows = listed.body.items as { id: string; retractions: number }[];
    expect(rows.find(({ id }) => id === other)?.retractions).toBe(5);
    const seqs: number[] = [];
    for (let after = 0; after < 5;) {
      const page = retractionPage.parse((await ada.ask('GET', `${path}?after=${after}&limit=2`)).body);
      expect(page.items.length).toBeLessThanOrEqual(2);
      seqs.push(...page.items.map(({ seq }) => seq));
      after = page.upTo;
    }
    expect(seqs).toEqual([5, 4, 3, 2, 1]);
    const entries = (await ada.ask('GET', `/api/conversations/${other}/messages`)).body.items as object[];
    expect(entries).toEqual(seqs.map(() => jasmine.objectContaining({ retracted: true })));
    expect(JSON.stringify(entries)).not.toContain('gone soon');
    expect((await ada.ask('GET', `${path}?after=5`)).body).toEqual({ items: [], upTo: 5 });
    for (const query of ['after=-1', 'after=x', 'limit=0', 'limit=101'])
      expect((await ada.ask('GET', `${path}?${query}`)).status)
        .withContext(query)
        .toBe(400);
  });

  for (const path of ['/api/devices', '/api/contacts', '/api/conversations', '/api/calls', '/api/users?search=bob']) {
    it(`R6b ${path} answers 304 to the tag of what has not changed, and to no other`, async () => {
      // `fetch` would ask any cache on the way to look again.
      const get = (tag: string) =>
        rawRequest(server.port, 'GET', path, {
          host: 'localhost',
          authorization: `Bearer ${ada.accessToken}`,
          'if-none-match': tag,
        });
      const first = await get('"x"');
      expect(first.status).toBe(200);
      const again = await get(String(first.headers.etag));
      expect([again.status, again.text]).toEqual([304, '']);
    });

    it(`R6c ${path} refuses what is no cursor and no limit`, async () => {
      for (const query of [
        'limit=0',
        'limit=-1',
        'limit=501',
        'limit=1.5',
        'limit=x',
        'limit=',
        'limit=1e9',
        `cursor=${'x'.repeat(201)}`,
      ]) {
        const { status, body } = await ada.ask('GET', `${path}${path.includes('?') ? '&' : '?'}${query}`);
        expect(status).withContext(query).toBe(400);
        expect(body.type).toBe('bad-request');
      }
    });
  }

  /** Every list of the interface: what takes a cursor. */
  const LISTS = ROUTES.filter(({ query }) => {
    const read = query?.safeParse({ cursor: 'x', search: 'bob' });
    return read?.success === true && Object.hasOwn(read.data as object, 'cursor');
  }).map(({ path }) => (path === '/api/users' ? '/api/users?search=bob' : path));

  it('R6c are all those that are tried below', () => {
    expect(LISTS).toContain('/api/devices');
    expect(LISTS).toContain('/api/admin/accounts');
    expect(LISTS.length).toBeGreaterThanOrEqual(7);
  });

  for (const path of LISTS) {
    it(`R6c ${path} refuses cursors that it never gave`, async () => {
      for (const cursor of [
        'x',
        '-1',
        'null',
        Buffer.from('[1,2,3]').toString('base64url'),
        Buffer.from('{}').toString('base64url'),
        randomUUID(),
        '0'.repeat(36),
        // Another list's.
        writeCursor('nothing', ['']),
        // Of the list, with a key that it does not have.
        ...['users', 'contacts', 'conversations', 'calls', 'devices', 'invitations', 'accounts'].map(list =>
          writeCursor(list, [-1, 'x', 'y']),
        ),
      ]) {
        const { status } = await ada.ask('GET', `${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`);
        expect(status).withContext(cursor).toBe(400);
      }
    });
  }

  it('R6a pages through devices without losing one', async () => {
    const all = (await ada.ask('GET', '/api/devices')).body.items.length as number;
    let found = 0;
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const { body } = await ada.ask('GET', `/api/devices?limit=1${cursor && `&cursor=${cursor}`}`);
      found += body.items.length as number;
      cursor = body.next as string | undefined;
    }
    expect(found).toBe(all);
  });

  const seqs = ({ body }: { body: { items: { seq: number }[] } }) => body.items.map(({ seq }) => seq);

  it('R10a pages messages both ways, ascending', async () => {
    expect(seqs(await messages('after=0&limit=3'))).toEqual([1, 2, 3]);
    expect(seqs(await messages('after=3&limit=3'))).toEqual([4, 5, 6]);
    expect(seqs(await messages('before=4&limit=2'))).toEqual([2, 3]);
    expect(seqs(await messages('limit=2'))).toEqual([6, 7]);
    expect(seqs(await messages('after=999'))).toEqual([]);
    expect((await messages('limit=1')).body.lastSeq).toBe(7);
  });

  it('R10a refuses places that are none', async () => {
    for (const query of [
      'after=-1',
      'before=0',
      'before=-5',
      'after=x',
      'after=1.5',
      'after=1e400',
      'after=99999999999999999999',
      'after=1&before=3',
      'after=1&after=2',
      'limit=101',
    ]) {
      expect((await messages(query)).status)
        .withContext(query)
        .toBe(400);
    }
  });

  it('M4a, R10a holds a place, and nothing in it, for a person to whom a message was withheld', async () => {
    const other = await signUp(server.origin, 'carol');
    const withCarol = await befriend(ada, other);
    const message = {
      conversationId: withCarol,
      author: { userId: other.id, deviceId: other.deviceId },
      counts: true,
      at: 1,
    };
    await server.store.appendMessage({ ...message, id: newId(), data: 'hidden', withheldFrom: [ada.id] });
    const path = `/api/conversations/${withCarol}/messages`;
    expect((await ada.ask('GET', path)).body.items).toEqual([{ conversationId: withCarol, seq: 1, withheld: true }]);
    expect((await other.ask('GET', path)).body.items[0].data).toBe('hidden');
    const listed = (await ada.ask('GET', '/api/conversations')).body.items as {
      id: string;
      unread: number;
      last?: object;
    }[];
    expect(listed.find(({ id }) => id === withCarol)).toEqual(jasmine.objectContaining({ unread: 0, lastSeq: 1 }));
  });

  it('R10c shows to others no read mark of a person who keeps it', async () => {
    await server.store.mark(conversation, bob.id, { read: 5 });
    const marksFor = async (person: Person) => {
      const items = (await person.ask('GET', '/api/conversations')).body.items as {
        id: string;
        marks: { userId: string }[];
      }[];
      return items.find(({ id }) => id === conversation)?.marks.find(({ userId }) => userId === bob.id);
    };
    expect(await marksFor(ada)).toEqual(jasmine.objectContaining({ received: 5, read: 5 }));
    const { status } = await bob.ask('PUT', '/api/me/settings', { json: { readReceipts: false } });
    expect(status).toBe(200);
    expect(await marksFor(ada)).toEqual(jasmine.objectContaining({ received: 5, read: 0 }));
    expect(await marksFor(bob)).toEqual(jasmine.objectContaining({ received: 5, read: 5 }));
    await bob.ask('PUT', '/api/me/settings', { json: { readReceipts: true } });
  });

  it('R6a lists calls as each side remembers them, and the mark on the log only grows', async () => {
    const call: CallRecord = {
      callId: newId(),
      media: 'video',
      conversationId: conversation,
      state: 'ringing',
      at: 10,
      parties: [
        { userId: ada.id, deviceId: ada.deviceId, joinedAt: 10, leftAt: null, reason: null, withheld: false },
        { userId: bob.id, deviceId: null, joinedAt: null, leftAt: null, reason: null, withheld: false },
      ],
    };
    await server.store.recordCall(call);
    const [caller, callee] = call.parties;
    const left = { leftAt: 20, reason: 'no-answer' } as const;
    const parties = [
      { ...caller!, ...left },
      { ...callee!, ...left, reason: 'missed' as const },
    ];
    await server.store.recordCall({ ...call, state: 'ended', parties });
    const log = async (person: Person) => callLog.parse((await person.ask('GET', '/api/calls')).body);
    const [mine, theirs] = [await log(ada), await log(bob)];
    expect(mine.items[0]).toEqual(
      jasmine.objectContaining({
        direction: 'outgoing',
        reason: 'no-answer',
        conversationId: conversation,
        joinedAt: 10,
        leftAt: 20,
      }),
    );
    expect(mine.missed).toBe(0);
    expect(theirs.items[0]).toEqual(jasmine.objectContaining({ direction: 'incoming', reason: 'missed' }));
    expect(theirs.items[0]?.others[0].username).toBe('ada');
    expect(theirs.missed).toBe(1);
    const see = (upTo: unknown) => bob.ask('POST', '/api/calls/seen', { json: { upTo } });
    expect((await see(theirs.items[0]?.position)).status).toBe(204);
    expect((await log(bob)).missed).toBe(0);
    expect((await see(0)).status).toBe(204);
    expect((await log(bob)).missed).toBe(0);
    for (const wrong of [-1, 1.5, '1', null, 2 ** 60]) expect((await see(wrong)).status).toBe(400);
  });
});
