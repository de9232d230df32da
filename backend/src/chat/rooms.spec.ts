import type { ConversationId, DeviceAddress, UserId } from '#protocol/ids';
import type { Delivery } from '../events/event.ts';
import { EventHub } from '../events/event-hub.ts';
import { createLog } from '../log.ts';
import type { Store } from '../store/store.ts';
import { ManualTime } from '../testing/manual-time.ts';
import { newId } from '../testing/new-id.ts';
import type { Room } from './audience.ts';
import { Chat } from './chat.ts';
import { directConversationId } from './direct-conversation.ts';

describe('Conversations that are kept in mind', () => {
  const [ada, ben] = [newId<UserId>(), newId<UserId>()];
  const from: DeviceAddress = { userId: ada, deviceId: newId() };
  const conversationId = directConversationId(ada, ben);
  const typing = { type: 'chat.typing', conversationId } as const;
  let time: ManualTime;
  let room: Room;
  let reads: jasmine.Spy<(id: ConversationId) => Promise<Room | null>>;
  let told: Delivery[];
  let isTold: boolean;
  let chat: Chat;

  const roomWith = (revision: number, blocks: NonNullable<Room['related']>['blocks'] = []): Room => ({
    id: conversationId,
    kind: 'direct',
    revision,
    members: [ada, ben].map(userId => ({ userId, role: 'member', from: 1, to: null })),
    related: { relation: { requestedBy: null, hidden: false, since: 1 }, blocks },
  });
  const blocked = () => roomWith(2, [{ by: ben, at: 1, received: 0, read: 0 }]);
  /** What is asked is answered in promises alone. */
  const types = async (times = 1) => {
    for (let i = 0; i < times; i++) chat.typing(from, typing);
    await new Promise(resolve => setImmediate(resolve));
  };

  beforeEach(() => {
    time = new ManualTime();
    room = roomWith(1);
    told = [];
    isTold = true;
    reads = jasmine.createSpy('conversation').and.callFake(async () => room);
    // Typing asks nothing else of a store.
    const store = { conversation: reads } as Partial<Store> as Store;
    const { clock } = time;
    const events = new EventHub();
    events.on('deliver', ({ deliveries }) => void told.push(...deliveries));
    chat = new Chat({ store, clock, timers: time, events, log: createLog('silent'), isTold: () => isTold });
  });

  it('are read once for a hundred frames of typing', async () => {
    await types(50);
    await types(50);
    expect(told.length).toBe(100);
    expect(reads).toHaveBeenCalledTimes(1);
  });

  it('M4a are read again once the two are something else to each other, here or on another process', async () => {
    await types();
    room = blocked();
    chat.relationChanged({ by: ben, other: ada, saw: true, sees: false, blocked: true });
    await types(10);
    expect(told.length).toBe(1);
    expect(reads).toHaveBeenCalledTimes(2);
  });

  it('M4a are not what a read that began before the change still brings', async () => {
    let answer: (room: Room) => void = () => undefined;
    reads.and.callFake(() => new Promise(resolve => (answer = resolve)));
    await types();
    chat.relationChanged({ by: ben, other: ada, saw: true, sees: false, blocked: true });
    answer(room);
    reads.and.callFake(async () => blocked());
    await types();
    await types();
    // The frame that came before the block.
    expect(told.length).toBe(1);
  });

  it('are not counted on while other processes cannot be heard, nor what was read before then', async () => {
    await types();
    isTold = false;
    room = blocked();
    await types();
    expect(told.length).toBe(1);
    isTold = true;
    chat.missed();
    await types();
    expect(told.length).toBe(1);
  });

  it('are read again after a minute, and after a failure at once', async () => {
    await types();
    time.pass(59_999);
    await types();
    expect(reads).toHaveBeenCalledTimes(1);
    time.pass(1);
    await types();
    expect(reads).toHaveBeenCalledTimes(2);
    time.pass(60_000);
    reads.and.rejectWith(new Error('away'));
    await types();
    reads.and.resolveTo(room);
    await types();
    expect(reads).toHaveBeenCalledTimes(4);
  });
});
