import { randomUUID } from 'node:crypto';
import type { ConversationId, DeviceId, UserId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { directConversationId } from '../chat/direct-conversation.ts';
import { KeptOrder } from './kept-order.ts';
import { StoreError } from './store-error.ts';
import type { Kept, KeptMessage, KeptPair, KeptUser } from './transfer.ts';
import { newId } from '../testing/new-id.ts';

const A = anId<UserId>('00000000-0000-4000-8000-00000000000a');
const B = anId<UserId>('00000000-0000-4000-8000-00000000000b');
const installation: Kept = { kind: 'installation', id: randomUUID(), createdAt: 1 };
const user = (id: UserId, username: string | null): KeptUser => ({
  kind: 'user',
  id,
  username,
  displayName: 'Somebody',
  passwordHash: 'hash',
  role: 'user',
  disabled: false,
  settings: { readReceipts: true },
  callsSeen: 0,
  createdAt: 1,
});
const two = [installation, user(A, 'ada'), user(B, 'bob')];
const newMember = { role: 'member', from: 1, to: null, received: 0, read: 0 } as const;
const members = [A, B].map(user => ({ user, ...newMember }));
const relation = { requestedBy: null, hidden: false, since: 1 };
const pair: KeptPair = {
  kind: 'pair',
  id: directConversationId(A, B),
  revision: 0,
  members,
  relation,
  blocks: [],
  openedAt: 1,
};
const strangers = { ...pair, openedAt: null, relation: null };
const block = { by: A, at: 1, received: 0, read: 0 };
const by = (userId: UserId) => ({ author: { userId, deviceId: newId<DeviceId>() } });
const message = (seq: number, changes: Partial<KeptMessage> = {}): KeptMessage => ({
  kind: 'message',
  seq,
  id: newId(),
  ...by(A),
  at: 1,
  counts: true,
  data: 'text',
  withheldFrom: [],
  retracted: false,
  expiresAt: null,
  ...changes,
});
const picture: Kept = { kind: 'avatar', userId: A, version: 'v', type: 'image/png', base64: 'AA==' };

function follow(entries: readonly Kept[]): void {
  const order = new KeptOrder();
  for (const entry of entries) order.expect(entry);
  order.end();
}

describe('What is put into a store', () => {
  it('is taken where it belongs together', () => {
    const whole = [installation, user(A, 'ada'), picture, user(B, null), pair, message(1), message(2, by(B))];
    expect(() => follow(whole)).not.toThrow();
    expect(() => follow([...two, { ...strangers, blocks: [block] }])).not.toThrow();
  });

  const refused: [string, Kept[]][] = [
    ['nothing at all', []],
    ['a beginning without an installation', [user(A, 'ada')]],
    ['a second installation', [installation, installation]],
    ["somebody else's picture", [...two, picture]],
    ['the picture of somebody who was deleted', [installation, user(A, null), picture]],
    ['a conversation that does not begin at 1', [...two, pair, message(2)]],
    ['a conversation with a gap', [...two, pair, message(1), message(3)]],
    ['a message without a conversation', [...two, message(1)]],
    ['a message of somebody else', [...two, pair, message(1, by(newId()))]],
    ['a message withheld from its sender', [...two, pair, message(1, { withheldFrom: [A] })]],
    ['a message between strangers', [...two, strangers, message(1)]],
    ['contacts without a conversation', [...two, { ...pair, openedAt: null }]],
    ['read further than received', [...two, { ...pair, members: members.map(one => ({ ...one, read: 1 })) }]],
    ['one blocking twice', [...two, { ...pair, blocks: [block, block] }]],
    ['a pair in the wrong order', [...two, { ...pair, members: members.toReversed() }]],
    ['a pair of three', [...two, { ...pair, members: [...members, ...members] }]],
    ['a pair of somebody who is not there', [installation, user(A, 'ada'), pair]],
    ['a pair under an id that is not theirs', [...two, { ...pair, id: newId<ConversationId>() }]],
    ['an account behind a conversation', [...two, pair, user(newId(), 'eve')]],
  ];
  for (const [title, entries] of refused) {
    it(`S54: is refused with ${title}`, () => {
      expect(() => follow(entries)).toThrowMatching(error => error instanceof StoreError && error.fault === 'misfit');
    });
  }
});
