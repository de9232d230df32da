import { type LocalTables } from '../device/local-tables';
import { decodeKept } from './decode-kept';

/** What the chat keeps on the device. */
export const chatTables: LocalTables = {
  versions: {
    3: {
      tables: {
        conversations: 'id',
        // A withheld place has no time and so is not in the second index, which is what search walks.
        messages: '[conversationId+seq], at',
        posts: 'id, order',
        drafts: 'conversationId',
        chatFacts: 'name',
      },
    },
    6: { upgrade: decodeKept },
    8: { tables: { directEntries: '[conversationId+authorId+id]' } },
    // The last index finds an entry by its key. A withheld entry has no key, so it is not in that index.
    9: { tables: { messages: '[conversationId+seq], at, [conversationId+author.userId+id]' } },
    // Entries that wait for their keys.
    10: { tables: { messages: '[conversationId+seq], at, [conversationId+author.userId+id], waits' } },
  },
  unsent: { posts: 'all', drafts: 'all', chatFacts: ['sent'], directEntries: 'all' },
};
