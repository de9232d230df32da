import type { CallId, ConversationId, MessageId } from '#protocol/ids';
import { openBrowser } from '../testing/browser.ts';
import type { TestDevice } from '../testing/people.ts';
import { SeveralServers } from '../testing/several-servers.ts';
import type { TestClient } from '../testing/test-client.ts';
import { newId } from '../testing/new-id.ts';

/** The signature of a PNG file. The server checks only this much of a picture. */
const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** Ada, of whom Ben receives; each has one device, maybe on two processes. */
class World {
  readonly #several: SeveralServers;
  ada!: TestDevice;
  ben!: TestDevice;
  adaLine: TestClient | undefined;
  benLine!: TestClient;
  conversationId: ConversationId | undefined;
  /** Of Ada's invitation. */
  code = '';
  /** Everything Ben has received and read: when, in ms, and what. */
  readonly transcript: string[] = [];
  readonly #names = new Map<string, string>();
  #heard = 0;
  /** Of two messages that Ben posts he retracts the second. */
  #posted = false;

  private constructor(several: SeveralServers) {
    this.#several = several;
  }

  static async start(processes: number, friends: boolean, present: boolean): Promise<World> {
    const several = await SeveralServers.start(processes, { app: true });
    const world = new World(several);
    world.ada = await several.members[0]!.server.person('ada');
    world.ben = await world.#bens.person('ben');
    if (friends) world.conversationId = await world.#bens.befriend(world.ada, world.ben);
    for (const [id, name] of [
      [world.ada.userId, 'ada'],
      [world.ben.userId, 'ben'],
    ] as const)
      world.#names.set(id, name);
    world.benLine = await world.#bens.connect(world.ben);
    world.benLine.say({ type: 'presence', visible: true });
    if (present) await world.comes();
    await world.quiet();
    world.hear();
    world.transcript.length = 0;
    return world;
  }

  get #adas() {
    return this.#several.members[0]!.server;
  }
  get #bens() {
    return this.#several.members.at(-1)!.server;
  }

  stop = () => this.#several.stop();

  /** Ada opens her page. */
  async comes(): Promise<void> {
    this.adaLine = await this.#adas.connect(this.ada);
    this.adaLine.say({ type: 'presence', visible: true });
    await this.adaLine.settled();
  }

  /** Ada closes it. */
  async leaves(): Promise<void> {
    this.adaLine?.say({ type: 'bye' });
    await this.adaLine?.closed;
    this.adaLine = undefined;
  }

  /** What only somebody does who is there. */
  async isBusy(): Promise<void> {
    const line = this.adaLine!;
    if (this.conversationId !== undefined) {
      line.say({ type: 'chat.typing', conversationId: this.conversationId });
      line.say({ type: 'chat.read', conversationId: this.conversationId, seq: 1 });
    }
    for (const visible of [false, true]) line.say({ type: 'presence', visible });
    await line.settled();
  }

  ask(who: 'ada' | 'ben', method: string, path: string, json?: object) {
    const { origin } = who === 'ada' ? this.#adas : this.#bens;
    return openBrowser(origin).ask(method, path, { token: this[who].token(), ...(json ? { json } : {}) });
  }

  setPicture = () =>
    openBrowser(this.#adas.origin).ask('PUT', '/api/me/avatar', {
      token: this.ada.token(),
      raw: PNG,
      headers: { 'content-type': 'image/png' },
    });

  adaDoes = (what: string) => this.ask('ada', 'POST', `/api/contacts/${this.ben.userId}/${what}`);
  benDoes = (what: string) => this.ask('ben', 'POST', `/api/contacts/${this.ada.userId}/${what}`);

  /** Everything asked is answered, and everything said has arrived. */
  async quiet(): Promise<void> {
    for (let i = 0; i < 2; i++) {
      await this.#several.pass(0);
      for (let turn = 0; turn < 8; turn++) await new Promise(resolve => setImmediate(resolve));
      for (const { server } of this.#several.members) await server.signaling.idle();
    }
    await this.adaLine?.settled();
    await this.benLine.settled();
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1_000) {
      await this.#several.pass(Math.min(1_000, left));
      await this.quiet();
      this.hear();
    }
  }

  #write(what: string): void {
    const named = what.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, id => {
      this.#names.set(id, this.#names.get(id) ?? `id ${this.#names.size}`);
      return this.#names.get(id)!;
    });
    // Members stand in the order of their ids, which are others in every world.
    const sorted = named.replace(/"marks":\[(\{.*?\}),(\{.*?\})\]/g, (_, ...marks: string[]) => {
      return `"marks":[${marks.slice(0, 2).sort().join()}]`;
    });
    this.transcript.push(`${this.#several.time.now()} ${sorted}`);
  }

  hear(): void {
    for (; this.#heard < this.benLine.texts.length; this.#heard++) {
      const text = this.benLine.texts[this.#heard]!;
      if (!text.startsWith('{"type":"ack"')) this.#write(text);
    }
  }

  /** All that Ben can fetch, with whether it has changed since he did last; and what a new device of his is told. */
  async look(): Promise<void> {
    const lists = ['/api/contacts', '/api/conversations', '/api/calls', '/api/users?search=ada', '/api/me'];
    if (this.conversationId !== undefined)
      lists.push(...['messages', 'retractions'].map(of => `/api/conversations/${this.conversationId}/${of}`));
    for (const path of lists) {
      const { status, headers, text } = await this.ask('ben', 'GET', path);
      const etag = headers.get('etag') ?? '';
      this.#names.set(`${path} ${etag}`, this.#names.get(`${path} ${etag}`) ?? `etag ${this.#names.size}`);
      this.#write(`${path} ${status} ${this.#names.get(`${path} ${etag}`)!} ${text}`);
    }
    this.benLine.cut();
    const { presence, how } = await this.benLine.hello(this.ben.token());
    this.#write(JSON.stringify({ how, presence }));
    await this.quiet();
    this.#heard = this.benLine.texts.length;
  }

  /** Ben calls and writes. */
  async isTried(): Promise<void> {
    if (this.conversationId !== undefined) {
      const { conversationId } = this;
      for (const id of [newId<MessageId>(), newId<MessageId>()]) {
        this.benLine.say({ type: 'chat.post', counts: true, conversationId, id, data: 'hi' });
        const target = { conversationId, authorId: this.ben.userId, id };
        if (this.#posted) this.benLine.say({ type: 'chat.retract', conversationId, target });
        this.#posted = !this.#posted;
      }
      this.benLine.say({ type: 'chat.typing', conversationId });
    }
    const callId = newId<CallId>();
    this.benLine.say({ type: 'call.invite', callId, receiverId: this.ada.userId, media: 'audio' });
    await this.pass(1_000);
  }
}

type Does = (world: World) => Promise<unknown>;
const nothing: Does = async () => undefined;

/** What Ben receives and reads when Ada does `first`, and `then` twenty seconds later. */
async function received(
  processes: number,
  start: { friends: boolean; present: boolean },
  first: Does,
  then: Does = nothing,
): Promise<string[]> {
  const world = await World.start(processes, start.friends, start.present);
  await first(world);
  await world.pass(5_000);
  await world.look();
  await world.isTried();
  await world.pass(14_000);
  await world.look();
  await then(world);
  await world.pass(15_000);
  await world.look();
  await world.isTried();
  await world.stop();
  return world.transcript;
}

const leaves: Does = world => world.leaves();
const comes: Does = world => world.comes();
const blocks: Does = world => world.adaDoes('block');
const blocksBusily: Does = async world => {
  await world.adaDoes('block');
  await world.isBusy();
};
const blocksTwice: Does = async world => {
  await world.adaDoes('block');
  await world.adaDoes('block');
};
const unblocks: Does = world => world.adaDoes('unblock');
const busy: Does = world => world.isBusy();
const changesName: Does = world => world.ask('ada', 'PATCH', '/api/me', { displayName: 'ada' });
/** Everybody who asks may see an account's name and picture; when they change only contacts are told. */
const changesProfile: Does = async world => {
  await world.ask('ada', 'PATCH', '/api/me', { displayName: 'Ada of the lake' });
  await world.setPicture();
  await world.ask('ada', 'PUT', '/api/me/settings', { readReceipts: false });
};
const invites: Does = async world => {
  world.code = (await world.ask('ada', 'POST', '/api/invitations', { uses: 1, days: 1 })).body.code;
};
const benComesByInvitation: Does = world => world.ask('ben', 'POST', '/api/invitations/accept', { code: world.code });
const benBlocksAndUnblocks: Does = async world => {
  await world.benDoes('block');
  await world.benDoes('unblock');
};
const benAsksAndWithdraws: Does = async world => {
  await world.ask('ben', 'POST', '/api/contacts', { userId: world.ada.userId });
  await world.ask('ben', 'DELETE', `/api/contacts/${world.ada.userId}`);
};
const after =
  (before: Does, next: Does): Does =>
  async world => {
    await before(world);
    await next(world);
  };

for (const processes of [1, 2]) {
  describe(`a person who was blocked, or is a stranger, with ${processes} ${processes === 1 ? 'process' : 'processes'}`, () => {
    const there = { friends: true, present: true };
    const away = { friends: true, present: false };
    const stranger = { friends: false, present: true };
    const absentStranger = { friends: false, present: false };
    const same = async (...[expected, actual]: [Promise<string[]>, Promise<string[]>]) => {
      const [one, other] = [await expected, await actual];
      expect(one.length).toBeGreaterThan(10);
      expect(other).toEqual(one);
    };

    it('R8b, N4a receives of a block what they would of a person who leaves', async () => {
      const left = received(processes, there, leaves);
      for (const does of [blocks, blocksBusily, blocksTwice, after(blocks, leaves)])
        await same(left, received(processes, there, does, does === blocksBusily ? busy : nothing));
    });

    it('R8b, N4b receives of an unblocking what they would of a person who comes back', async () => {
      await same(received(processes, there, leaves, comes), received(processes, there, blocks, unblocks));
      await same(received(processes, there, nothing), received(processes, there, after(blocks, unblocks)));
    });

    it('R8b, N4a receives nothing of a block by a person who is away, also when that person comes back', async () => {
      const still = received(processes, away, nothing);
      for (const [first, then] of [
        [blocks, nothing],
        [after(blocks, comes), after(busy, changesName)],
        [blocks, unblocks],
      ] as const)
        await same(still, received(processes, away, first, then));
    });

    it('R8d is told nothing at the moment when a person who blocked them changes name, picture or settings', async () => {
      const told = async (first: Does, then: Does) => {
        const transcript = await received(processes, away, first, then);
        return transcript.filter(line => line.includes(' {"type":"')).map(line => line.replace(/id \d+/g, 'id'));
      };
      expect(await told(blocks, changesProfile)).toEqual(await told(blocks, nothing));
      expect(await told(nothing, changesProfile)).not.toEqual(await told(nothing, nothing));
    });

    it('R8b, N3 cannot tell a block by accepting an invitation', async () => {
      const byInvitation = after(invites, benComesByInvitation);
      const absent = received(processes, absentStranger, byInvitation, nothing);
      await same(absent, received(processes, absentStranger, after(blocks, byInvitation), nothing));
      await same(absent, received(processes, stranger, after(blocks, byInvitation), nothing));
    });

    it('R8b, N3 learns by nothing whether a stranger is there, nor that they block', async () => {
      for (const does of [nothing, benBlocksAndUnblocks, benAsksAndWithdraws]) {
        const absent = received(processes, absentStranger, does, does);
        await same(absent, received(processes, stranger, does, does));
        await same(absent, received(processes, stranger, after(blocks, does), does));
      }
      await same(received(processes, absentStranger, nothing), received(processes, stranger, blocks, unblocks));
    });
  });
}
