import type { AccountStore } from './accounts.ts';
import type { AdminStore } from './admin.ts';
import type { CallStore } from './calls.ts';
import type { ChatStore } from './chat.ts';
import type { ContactStore } from './contacts.ts';
import type { InvitationStore } from './invitations.ts';
import type { KeyStore } from './keys.ts';
import type { PushStore } from './push.ts';

/**
 * What Parley keeps, in the words of the domain. Every verb is asynchronous and atomic: it happened whole and is
 * durable when its promise resolves, or it did not happen and the promise rejects. Times are ms since the epoch by the
 * server's clock; ids are made by the callers. What a person can cause is answered by value; what is left rejects with
 * a `StoreError`. Guarantees, proved by `store.contract.ts` on every implementation:
 *
 * - **S1** In a conversation `seq` starts at 1 and has no gap and no duplicate, whoever posts at the same time.
 * - **S2** A reader that pages while others post meets each `seq` once, in order.
 * - **S3** Posting the same key (conversation, sender, id) again returns the first result, even with other data.
 * - **S4** Two senders' equal message ids are two messages.
 * - **S5** A withheld message keeps its place for everybody and its content from the one it is withheld from.
 * - **S6** Marks only grow and are cut to the last `seq`; read implies received.
 * - **S7** Accepting a contact twice, or from both sides at once, makes one direct conversation; it survives removal.
 * - **S8** Crossing requests accept each other.
 * - **S9** A refresh token rotates once: the same token always meets the same successor while the rotation is pending.
 * - **S10** A token that was superseded for longer than its grace is reuse, and its family ends.
 * - **S11** A username is given once, however it is written and however many ask at the same time.
 * - **S12** Removing a device removes its tokens; every later look-up of it finds nothing.
 * - **S13** Deleting an account leaves its messages to the others under an opaque id, and nothing else of it.
 * - **S14** A user has at most one call that they place, or two in which they have a seat and one that rings for them. An ended
 *   call never becomes live again.
 * - **S15** The mark on the call log only grows.
 * - **S67** The log has a line for each person of a call: their device, when they joined, when and why it ended for them. From
 *   whom a call is withheld has it in their log only where there is a reason.
 * - **S16** What was acknowledged survives the death of the process; what was not is there whole or not at all.
 * - **S20** A device has one push subscription, and an endpoint one device: subscribing moves it to the one that asks.
 * - **S21** A push subscription goes with its device and its account.
 * - **S22** Push subscriptions made with another key, and those of sessions that are over, are dropped in one.
 * - **S23** What a push subscription was told of only grows, and dies with its endpoint.
 * - **S30** Taking over calls has a number higher than all before, and no registrar of before changes a call after it.
 * - **S31** What is pinned under a name stays: of many at once one is kept, and all are told which.
 * - **S40** An invitation is used as often as it allows, however many ask at once; a taken username uses nothing up.
 * - **S41** Redeeming makes the account, counts the use, and makes inviter and guest contacts, in one.
 * - **S42** An invitation that is over, used up or revoked, or whose inviter is disabled or gone, opens nothing.
 * - **S43** The one set-up link stands until it is used; it makes one admin, and only while there is none who is not disabled; an admin by another way ends it.
 * - **S44** A reset link works once, within its time, until the next one or another change of the password, and takes every device with it.
 * - **S46** The last admin who is not disabled is neither disabled nor deleted, however many are at the same time.
 * - **S45** Disabling an account takes its devices and links; enabled again it signs in anew.
 * - **S60** A post is written under the revision it was decided under, or not at all; a revision grows with what two people are to each other.
 * - **S61** Only what counts is unread, or the last line of a list.
 * - **S63** A retracted message keeps its place, its key and its time, holds nothing for anybody, and does not count.
 * - **S64** `forgetExpired` does to messages that have expired what a retraction does, and to no others.
 * - **S65** A member reads the messages at their places, from `from` to `to`, and no others: paged, listed or counted.
 * - **S66** Retractions of a conversation are numbered from 1 without a gap, however many are made at once; a reader is told of those of what was shown to them.
 * - **S70** A device publishes its keys once; they, its one-time keys and its inbox go with it.
 * - **S71** A one-time key is given once, however many claim at the same time, and does not come back with an upload that is
 *   repeated; behind the last one the fallback key is given.
 * - **S72** Of many identities at once a person gets one. Another one takes its place only where that is allowed, and what the
 *   one before has signed goes.
 * - **S73** Lists of devices and sealed secrets have numbers that only rise; of many at once one gets the next.
 * - **S74** Who follows the feed of changes meets every change of those they share with, whoever writes at the same time, and
 *   who begins or ceases to share.
 * - **S75** A reader who confirms while others send meets each row of an inbox once, in order; those of one sender in theirs.
 * - **S76** A to-device request is done once, however often it is repeated, and also where a part of it had to wait.
 * - **S77** A full inbox takes nothing more of who has filled it, and loses nothing.
 * - **S78** One dehydrated device is current, and is read by one device at a time; it survives its person's devices.
 * - **S79** The batches of a sealed backup are numbered from 1 without a gap, and none is ever replaced.
 * - **S80** Deleting an account leaves none of its keys, and who shared with it hears that it has left.
 *
 * Of a store as a whole, which is read beside the running one and filled in its place (`transfer.ts`):
 *
 * - **S50** What is read while others write is a beginning of each conversation without a gap, and marks within it.
 * - **S51** What was read out of one store and put into another reads out the same, whichever two they are.
 * - **S52** A store that is being filled is the one of before until it is whole, and then the new one, of another epoch.
 * - **S53** A store that has accounts is filled only by who says that they may go.
 * - **S54** What does not belong together is refused, and nothing is left of it.
 * - **S62** What version 1 kept, as a store or as a backup, is there with all that it had.
 */
export interface Store
  extends AccountStore, InvitationStore, AdminStore, ContactStore, ChatStore, CallStore, PushStore, KeyStore {
  /** The installation's identity, made at the first start. `epoch` changes when a backup is restored. */
  installation(): Promise<Installation>;
  /** Keeps `value` under `name` unless something is kept there already; answers with what is. */
  pin(name: string, value: string): Promise<string>;
  /**
   * `broken`: writing has ended for good, every write rejects with a `StoreError`; only a new start mends it.
   * `unreachable`: the engine is away, which passes by itself; until then verbs reject with that fault.
   */
  readonly state: 'open' | 'unreachable' | 'broken' | 'closed';
  /** Resolves once everything asked before is durable; nothing may be asked afterwards. */
  close(): Promise<void>;
}

export type Installation = { id: string; epoch: string; createdAt: number };
