import { anId } from '#protocol/testing/ids';
import { describeAccounts } from './accounts.contract.ts';
import { describeAdmin } from './admin.contract.ts';
import { describeCalls } from './calls.contract.ts';
import { describeChat } from './chat.contract.ts';
import { describeContacts } from './contacts.contract.ts';
import { describeDeletion } from './deletion.contract.ts';
import { describeDevices } from './devices.contract.ts';
import { describeInvitations } from './invitations.contract.ts';
import { describeInboxes } from './inboxes.contract.ts';
import { describeKeys } from './keys.contract.ts';
import { describeLists } from './lists.contract.ts';
import { describePins } from './pins.contract.ts';
import { post, someFriends } from './people.ts';
import { describePush } from './push.contract.ts';
import { describeRotation } from './rotation.contract.ts';
import type { Store } from '../store.ts';
import { StoreError } from '../store-error.ts';

/** An implementation under test: one empty store, which can be closed and opened again, and thrown away at the end. */
export type StoreHarness = {
  store: Store;
  /** Closes the store and opens what it has left behind; `store` is the new one then. */
  reopen(): Promise<void>;
  dispose(): Promise<void>;
};

/**
 * The guarantees of `store.ts` as specs, for any implementation. All specs share one store and bring their own people:
 * what other conversations do at the same time must not matter.
 */
export function describeStore(name: string, open: () => Promise<StoreHarness>): void {
  describe(name, () => {
    let harness: StoreHarness;
    beforeAll(async () => {
      harness = await open();
    });
    afterAll(() => harness.dispose());

    const store = (): Store => harness.store;
    describeAccounts(store);
    describeDevices(store);
    describeRotation(store);
    describeDeletion(store);
    describeContacts(store);
    describeChat(store);
    describeLists(store);
    describeCalls(store);
    describePush(store);
    describePins(store);
    describeInvitations(store);
    describeAdmin(store);
    describeKeys(store);
    describeInboxes(store);

    it('S16: what was acknowledged is there after closing and opening, under the same identity', async () => {
      const [ada, bob, conversation] = await someFriends(store());
      const before = await store().installation();
      const { seq } = await post(store(), conversation, ada, 'kept');
      const unanswered = post(store(), conversation, bob, 'asked before closing');
      await harness.reopen();
      expect(await store().installation()).toEqual(before);
      expect((await unanswered).seq).toBe(seq + 1);
      const kept = await store().messagesSince(conversation, bob.id, 0, 10);
      expect(kept).toEqual([
        jasmine.objectContaining({ seq, data: 'kept' }),
        jasmine.objectContaining({ seq: seq + 1, data: 'asked before closing' }),
      ]);
      expect(store().state).toBe('open');
    });

    it('S16: rejects what is asked after closing with a typed error', async () => {
      const closed = store();
      await harness.reopen();
      expect(closed.state).toBe('closed');
      await expectAsync(closed.conversation(anId('nobody'))).toBeRejectedWithError(StoreError, /closed/);
      await expectAsync(closed.touchDevice(anId('none'), 1)).toBeRejectedWithError(StoreError, /closed/);
      await expectAsync(closed.close()).toBeResolved();
    });
  });
}
