import fc from 'fast-check';
import type { ConversationId, MessageId } from '#protocol/ids';
import { LiveServer } from '../testing/live-server.ts';
import type { TestDevice } from '../testing/people.ts';
import type { TestClient } from '../testing/test-client.ts';
import { newId } from '../testing/new-id.ts';

const SEED = { seed: 20261122, numRuns: 12 };

/**
 * A page as it must behave: what is not posted is said again after a welcome that did not resume, and what was missed
 * is paged from the store.
 */
class Page {
  readonly seen = new Map<number, string>();
  #unposted: MessageId[] = [];
  readonly client: TestClient;
  readonly #server: LiveServer;
  readonly #device: TestDevice;
  readonly #conversationId: ConversationId;

  constructor(server: LiveServer, device: TestDevice, conversationId: ConversationId) {
    this.#server = server;
    this.#device = device;
    this.#conversationId = conversationId;
    this.client = server.client();
  }

  write(): void {
    const id = newId<MessageId>();
    this.#unposted.push(id);
    this.#post(id);
  }

  async connect(): Promise<void> {
    const { how } = await this.client.hello(this.#device.token());
    if (how === 'resumed') return;
    for (const id of this.#unposted) this.#post(id);
    const history = await this.#server.store.messagesSince(this.#conversationId, this.#device.userId, 0, 1_000);
    for (const message of history) if ('id' in message) this.#see(message.seq, message.id);
  }

  /** Reads what has arrived. */
  read(): void {
    for (const { id, seq } of this.client.drain('chat.posted')) {
      // A post of a session that ended may be answered into the next one, and said again there: the same twice.
      this.#unposted = this.#unposted.filter(other => other !== id);
      this.#see(seq, id);
    }
    for (const { message } of this.client.drain('chat.message')) {
      if ('id' in message) this.#see(message.seq, message.id);
    }
  }

  get done(): boolean {
    return this.#unposted.length === 0;
  }

  #post(id: MessageId): void {
    this.client.say({ type: 'chat.post', counts: true, conversationId: this.#conversationId, id, data: id });
  }

  #see(seq: number, id: string): void {
    expect(this.seen.get(seq) ?? id)
      .withContext(`one message at ${seq}`)
      .toBe(id);
    this.seen.set(seq, id);
  }
}

for (const resumeWindowMs of [60_000, 0]) {
  describe(`delivery with a window of ${resumeWindowMs} ms`, () => {
    let server: LiveServer;
    let names = 0;

    beforeAll(async () => {
      server = await LiveServer.start({ resumeWindowMs });
    });
    afterAll(() => server.stop());

    it(`${resumeWindowMs > 0 ? 'D5a' : 'D5b'} brings each message once and misses none, whenever sockets die (seed pinned)`, async () => {
      const step = fc.constantFrom('a-writes', 'b-writes', 'a-cut', 'b-cut', 'a-reads', 'b-reads', 'settle');
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async steps => {
          const [ada, ben] = [await server.person(`ada-${++names}`), await server.person(`ben-${names}`)];
          const conversationId = await server.befriend(ada, ben);
          const pages = { a: new Page(server, ada, conversationId), b: new Page(server, ben, conversationId) };
          await Promise.all([pages.a.connect(), pages.b.connect()]);
          for (const step of steps) await take(step, pages);
          await finish(pages);
          const seqs = [...pages.a.seen.keys()].sort((x, y) => x - y);
          expect(seqs).toEqual(seqs.map((_, i) => i + 1));
          expect(new Map([...pages.b.seen].sort())).toEqual(new Map([...pages.a.seen].sort()));
          expect(seqs.length).toBe(steps.filter(one => one.endsWith('writes')).length);
        }),
        SEED,
      );
    });
  });
}

async function take(step: string, pages: { a: Page; b: Page }): Promise<void> {
  const page = step.startsWith('a') ? pages.a : pages.b;
  if (step.endsWith('writes')) page.write();
  else if (step.endsWith('cut')) {
    page.client.cut();
    await page.connect();
  } else if (step.endsWith('reads')) page.read();
  else await Promise.all([pages.a.client.settled(), pages.b.client.settled()]);
}

/** Until nothing is on its way: all posts answered, and both have read what there was. */
async function finish({ a, b }: { a: Page; b: Page }): Promise<void> {
  while (!a.done || !b.done || a.seen.size !== b.seen.size) {
    await Promise.all([a.client.settled(), b.client.settled()]);
    a.read();
    b.read();
  }
}
