import { type AnyId, type ConversationId } from '#protocol/ids';
import { type Welcome } from '#protocol/session-frames';
import { anId } from '#protocol/testing/ids';
import { type Said } from '../said';

/** Frames as a server and a page write them; ids by number. */
export const uuid = <Id extends AnyId>(n: number): Id => anId(`00000000-0000-7000-8000-${String(n).padStart(12, '0')}`);
export const CONVERSATION = uuid<ConversationId>(1);
export const post = (n: number, data = '{}'): Said => ({
  type: 'chat.post',
  conversationId: CONVERSATION,
  id: uuid(n),
  counts: true,
  data,
});
/** @param n where it is not the answer to a hello */
export const welcomeOf = (session: string, how: Welcome['how'], ack: number, n?: number): string =>
  JSON.stringify({
    type: 'welcome',
    ...(n === undefined ? {} : { n }),
    session,
    how,
    ack,
    userId: uuid(2),
    deviceId: uuid(3),
    tokenMs: 600_000,
    serverTime: 0,
    epoch: 'e',
    origins: [],
    presence: [],
  });
export const devicesChanged = (n: number): string => JSON.stringify({ type: 'devices.changed', n });
