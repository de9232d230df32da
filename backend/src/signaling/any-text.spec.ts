import fc from 'fast-check';
import { canPost, readContent, writeContent } from '#protocol/content';
import { messageContent } from '#protocol/content/kinds';
import { anyText } from '#protocol/testing/any-text';
import { LiveServer } from '../testing/live-server.ts';
import { newId } from '../testing/new-id.ts';

const SEED = { seed: 20261128, numRuns: 150 };

describe('any text', () => {
  let server: LiveServer;

  beforeAll(async () => {
    server = await LiveServer.start();
  });
  afterAll(() => server.stop());

  it('P22c that a composer lets through is read the same at the other end, at once and by paging, and closes no socket', async () => {
    const [ada, bob] = [await server.person('ada'), await server.person('bob')];
    const conversationId = await server.befriend(ada, bob);
    const [writer, reader] = [await server.connect(ada), await server.connect(bob)];
    let closed = 0;
    for (const client of [writer, reader]) void client.closed.then(() => closed++);
    const bodies: string[] = [];
    await fc.assert(
      fc.asyncProperty(anyText(34_000), async body => {
        if (body === '' || !canPost({ kind: 'text', body })) return;
        bodies.push(body);
        writer.say({
          type: 'chat.post',
          counts: true,
          conversationId,
          id: newId(),
          data: writeContent({ kind: 'text', body }),
        });
        await writer.next('chat.posted');
        const { message } = await reader.next('chat.message');
        expect('data' in message && readContent(messageContent, message.data)).toEqual({
          ok: true,
          value: { kind: 'text', body },
        });
      }),
      SEED,
    );
    expect(bodies.length).toBeGreaterThan(50);
    expect(Math.max(...bodies.map(({ length }) => length))).toBeGreaterThan(5_000);
    const paged = await server.store.messagesSince(conversationId, bob.userId, 0, bodies.length);
    const read = paged.map(message => 'data' in message && readContent(messageContent, message.data));
    expect(read).toEqual(bodies.map(body => ({ ok: true, value: { kind: 'text', body } })));
    expect(closed).toBe(0);
  });
});
