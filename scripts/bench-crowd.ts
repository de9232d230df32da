/** Fills the store of a stopped server for benchmarks: one person, known to many. */
import { writeContent } from '#protocol/content';
import type { DeviceId } from '#protocol/ids';
import { befriend, newMessage, somebody } from '../backend/src/store/contract/people.ts';
import { openSqliteStore } from '../backend/src/store/sqlite/sqlite-store.ts';
import { newId } from '../backend/src/testing/new-id.ts';

/**
 * @param directory the server's DATA_DIR; the server must not run
 * @param username of the person who gets the contacts
 * @param count how many contacts, each with a conversation of `messages` messages
 */
export async function fillCrowd(directory: string, username: string, count: number, messages: number): Promise<void> {
  const store = await openSqliteStore(directory);
  const known = await store.credentials(username);
  if (known === null) throw new Error(`nobody is called ${username}`);
  const me = { id: known.user.id, username, device: newId<DeviceId>(), token: '' };
  const begun = Date.now() + 60_000;
  const friends = Array.from({ length: count }, (_, n) => n);
  // The store commits in groups what is asked for at once.
  await Promise.all(
    friends.map(async n => {
      const friend = await somebody(store, `Contact ${String(n).padStart(4, '0')}`);
      const conversation = await befriend(store, me, friend);
      for (let i = 0; i < messages; i += 1) {
        const data = writeContent({ kind: 'text', body: `Message ${i} of contact ${n}: shall we meet at the quay?` });
        await store.appendMessage(newMessage(conversation, friend, data, { at: begun + n * 100 + i }));
      }
    }),
  );
  await store.close();
}
