import { randomUUID } from 'node:crypto';
import { MongoGate } from '../../testing/mongo-gate.ts';
import { specDatabase, suiteOnMongo, type SpecDatabase } from '../../testing/mongo.ts';
import { ended, newDevice, newMessage, post, ringing, somebody, someFriends, type Person } from '../contract/people.ts';
import { newcomer } from '../contract/invitations.contract.ts';
import { SLOW_MS } from '../contract/seeds.ts';
import { openMongoStore } from './mongo-store.ts';
import type { Store } from '../store.ts';

/** One verb that writes more than one document: what it is done to, and what can be seen of it from outside. */
type Case = {
  verb: string;
  prepare(store: Store): Promise<{ act(store: Store): Promise<unknown>; look(store: Store): Promise<unknown> }>;
};

const list = async <T>(page: Promise<{ items: T[] } | 'bad-cursor'>): Promise<T[]> => {
  const got = await page;
  return got === 'bad-cursor' ? [] : got.items;
};
const GRACE = 1_000;
const rotation = (person: Person, gen: number, at: number) => ({
  deviceId: person.device,
  tokenHash: gen === 1 ? person.token : `${person.token} ${gen}`,
  at,
  successorHash: `${person.token} ${gen + 1}`,
  graceMs: GRACE,
  idleMs: 1e9,
  absoluteMs: 1e9,
});

const CASES: Case[] = [
  {
    verb: 'setAvatar',
    async prepare(store) {
      const ada = await somebody(store);
      const picture = (version: string) => ({ version, type: 'image/png', bytes: Buffer.from(version) });
      await store.setAvatar(ada.id, picture('before'));
      return {
        act: store => store.setAvatar(ada.id, picture('after')),
        look: async store => {
          const version = (await store.userById(ada.id))?.avatar ?? '';
          return [version, Buffer.from((await store.avatar(ada.id, version))?.bytes ?? []).toString()];
        },
      };
    },
  },
  {
    verb: 'acceptContact',
    async prepare(store) {
      const [ada, bob] = [await somebody(store), await somebody(store)];
      await store.requestContact(ada.id, bob.id, 2_000);
      return {
        act: store => store.acceptContact(bob.id, ada.id, 2_001),
        look: async store => [
          await store.contact(ada.id, bob.id),
          await store.contact(bob.id, ada.id),
          await list(store.conversationsOf(ada.id, undefined, 10)),
          await list(store.conversationsOf(bob.id, undefined, 10)),
        ],
      };
    },
  },
  {
    verb: 'appendMessage, after others',
    async prepare(store) {
      const [ada, bob, conversation] = await someFriends(store);
      await post(store, conversation, ada, 'before');
      const message = newMessage(conversation, ada, 'the post');
      return {
        act: store => store.appendMessage(message),
        look: async store => [
          await store.lastSeq(conversation),
          await store.messagesSince(conversation, bob.id, 0, 10),
          await list(store.conversationsOf(bob.id, undefined, 10)),
        ],
      };
    },
  },
  {
    verb: 'changePassword',
    async prepare(store) {
      const ada = await somebody(store);
      await store.signInDevice(newDevice(ada.id));
      return {
        act: store => store.changePassword(ada.id, 'another hash', ada.device),
        look: async store => [
          (await store.credentialsById(ada.id))?.passwordHash,
          (await store.devicesOf(ada.id)).length,
        ],
      };
    },
  },
  {
    verb: 'deleteUser',
    async prepare(store) {
      const [ada, bob, conversation] = await someFriends(store);
      await store.setAvatar(ada.id, { version: 'v', type: 'image/png', bytes: Buffer.from('v') });
      await store.createInvitation(invitation(ada, 'gone'), 10);
      await post(store, conversation, ada, 'goodbye');
      await store.block(bob.id, ada.id, 4_000);
      await store.recordCall(ended(ringing(ada, bob)));
      return {
        act: store => store.deleteUser(ada.id),
        look: async store => [
          await store.userById(ada.id),
          await store.avatar(ada.id, 'v'),
          await store.device(ada.device),
          await store.relation(bob.id, ada.id),
          await list(store.contactsOf(bob.id, undefined, 10)),
          await store.acceptedContacts(bob.id),
          await store.openInvitation(`code of ${ada.id}`, 2_000),
          await store.messagesSince(conversation, bob.id, 0, 10),
        ],
      };
    },
  },
  {
    verb: 'rotateRefreshToken, retiring one',
    async prepare(store) {
      const ada = await somebody(store);
      await store.rotateRefreshToken(rotation(ada, 1, 2_000));
      await store.rotateRefreshToken(rotation(ada, 2, 2_100));
      return {
        act: store => store.rotateRefreshToken(rotation(ada, 3, 9_000)),
        // The old one is reuse whether it has been retired or not, and that ends everything: the last thing to be seen.
        look: async store => [await store.rotateRefreshToken(rotation(ada, 1, 9_001))],
      };
    },
  },
  {
    verb: 'redeemInvitation',
    async prepare(store) {
      const ada = await somebody(store);
      await store.createInvitation(invitation(ada, 'open'), 10);
      const { user, device } = newcomer();
      return {
        act: store => store.redeemInvitation(`code of ${ada.id}`, user, device),
        look: async store => {
          // What the newcomer does first.
          const known = (await store.device(device.id)) !== null;
          const opened = await store.openInvitation(`code of ${ada.id}`, 2_000);
          return [known, opened?.invitation.used, (await store.contact(user.id, ada.id))?.state ?? null];
        },
      };
    },
  },
  {
    verb: 'acceptInvitation',
    async prepare(store) {
      const [ada, eve] = [await somebody(store), await somebody(store)];
      await store.createInvitation(invitation(ada, 'open'), 10);
      return {
        act: store => store.acceptInvitation(`code of ${ada.id}`, eve.id, 2_000),
        look: async store => {
          const opened = await store.openInvitation(`code of ${ada.id}`, 2_000);
          return [opened?.invitation.used, (await store.contact(eve.id, ada.id))?.state ?? null];
        },
      };
    },
  },
  {
    verb: 'subscribePush, taking an endpoint over',
    async prepare(store) {
      const [ada, eve] = [await somebody(store), await somebody(store)];
      const endpoint = `https://push.example/${randomUUID()}`;
      const push = { endpoint, p256dh: 'p', auth: 'a', language: 'en', key: 'k', at: 1 } as const;
      await store.subscribePush({ ...push, deviceId: ada.device });
      return {
        act: store => store.subscribePush({ ...push, deviceId: eve.device }),
        look: async store =>
          (await store.pushSubscriptions())
            .filter(row => row.endpoint === endpoint)
            .map(row => (row.deviceId === eve.device ? 'eve' : 'ada')),
      };
    },
  },
  {
    verb: 'recordCall',
    async prepare(store) {
      const [ada, bob] = [await somebody(store), await somebody(store)];
      const call = ringing(ada, bob);
      await store.recordCall(call);
      return {
        act: store => store.recordCall(ended(call)),
        look: async store => [
          (await store.call(call.callId))?.state,
          (await store.liveCalls()).some(live => live.callId === call.callId),
        ],
      };
    },
  },
];

const invitation = (inviter: Person, id: string) => ({
  id: `${id} ${inviter.id}`,
  codeHash: `code of ${inviter.id}`,
  inviterId: inviter.id,
  uses: 3,
  createdAt: 1_000,
  expiresAt: 9_000,
});

suiteOnMongo('A process that dies between two writes to MongoDB', () => {
  let database: SpecDatabase;
  let gate: MongoGate;
  /** A process that has come after the last one that died. */
  let whole: Store;
  beforeAll(async () => {
    database = await specDatabase();
    gate = await MongoGate.before(database.url);
    whole = await openMongoStore(database.url);
  });
  afterAll(async () => {
    await whole.close();
    await gate.close();
    await database.drop();
  });

  /** The outcome of a process that dies before its write number `writes`; `died` is false once there are no more. */
  async function outcome(one: Case, writes: number): Promise<{ seen: string; before: string; died: boolean }> {
    const dying = await openMongoStore(gate.through(database.url));
    const { act, look } = await one.prepare(whole);
    const before = one.verb.startsWith('rotate') ? '' : JSON.stringify(await look(whole));
    gate.cutAfter(writes);
    await act(dying).catch(() => undefined);
    const died = gate.isCut;
    gate.cut();
    await Promise.all([whole.close(), dying.close().catch(() => undefined)]);
    gate.join();
    whole = await openMongoStore(database.url);
    const seen = JSON.stringify(await look(whole));
    return { seen: normal(seen), before: normal(before), died };
  }

  /** Ids and names differ from one try to the next; who is who does not. */
  function normal(text: string): string {
    const names = new Map<string, string>();
    return text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|"p\w+-[0-9a-f]{8}"/g, id => {
      if (!names.has(id)) names.set(id, `#${names.size}`);
      return names.get(id) ?? '';
    });
  }

  for (const one of CASES) {
    it(
      `S16: leaves no half of ${one.verb}, whichever write was the last`,
      async () => {
        const tries = [await outcome(one, 0)];
        while (tries.at(-1)?.died) tries.push(await outcome(one, tries.length));
        const done = tries.at(-1)?.seen;
        for (const { seen, before } of tries) expect([before, done]).toContain(seen);
        if (!one.verb.startsWith('rotate')) expect(tries[0]?.seen).toBe(tries[0]?.before);
        expect(done).not.toBe(tries[0]?.before);
      },
      SLOW_MS,
    );
  }
});
