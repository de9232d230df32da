import { type CallEntry } from '#protocol/api/calls';
import { textOf } from '#protocol/content/kinds';
import { isBlank } from '#protocol/hidden';
import { type UserId } from '#protocol/ids';
import { type Key } from '../../i18n/words';
import { peersMarks, type Conversation, type Entry } from './conversation';
import { type Post } from './post-queue';
import { type PostState } from './timeline';

/** What the one line under a name tells. */
export type Preview =
  | { readonly kind: 'typing' | 'empty' }
  | { readonly kind: 'draft'; readonly text: string }
  | { readonly kind: 'call'; readonly entry: CallEntry }
  /** `text` is null where it comes from a newer app; `state` is null where it is somebody else's. */
  | { readonly kind: 'message'; readonly text: string | null; readonly state: PostState | null }
  /** It cannot be read: `yet` where it may still be. */
  | { readonly kind: 'sealed'; readonly why: 'yet' | 'never' };

/** A row of the list. */
export interface Summary {
  readonly conversation: Conversation;
  readonly preview: Preview;
  /** What stands at its end, and where it stands in the list; ms since the epoch. */
  readonly at: number;
  /** Unread messages and missed calls nobody has looked at. */
  readonly waiting: number;
}

export interface SummaryParts {
  readonly conversation: Conversation;
  readonly me: UserId;
  readonly isTyping: boolean;
  readonly draft: string;
  /** What waits in this conversation, in order of writing. */
  readonly posts: readonly Post[];
  /** The latest call with this person. */
  readonly call: CallEntry | undefined;
  readonly missed: number;
}

/** What is said in one line of a message without words: whether it cannot be read here, or this app does not know its kind. */
export const insteadOfWords = ({ sealed }: Pick<Entry, 'sealed'>): Key => (sealed ? 'chat.newMessage' : 'chat.newer');

/** The latest thing of a conversation in one line; what is going on now comes before it. */
export function summaryOf(parts: SummaryParts): Summary {
  const { conversation, posts, call, missed } = parts;
  const post = posts.at(-1);
  const at = Math.max(conversation.active, post?.at ?? 0, call?.at ?? 0);
  return { conversation, preview: previewOf(parts, post), at, waiting: conversation.unread + missed };
}

function previewOf({ conversation, me, isTyping, draft, posts, call }: SummaryParts, post: Post | undefined): Preview {
  const { last } = conversation;
  if (isTyping) return { kind: 'typing' };
  if (!isBlank(draft)) return { kind: 'draft', text: draft };
  if (call && call.at > Math.max(last?.at ?? 0, post?.at ?? 0)) return { kind: 'call', entry: call };
  if (post)
    return {
      kind: 'message',
      text: textOf(post.content),
      state: posts.some(({ fault }) => fault) ? 'failed' : 'waiting',
    };
  if (!last) return { kind: 'empty' };
  if (last.sealed) return { kind: 'sealed', why: last.waits === undefined ? 'never' : 'yet' };
  const peers = peersMarks(conversation, me);
  const state = last.seq <= peers.read ? 'read' : last.seq <= peers.received ? 'received' : 'sent';
  return { kind: 'message', text: textOf(last.content), state: last.author.userId === me ? state : null };
}
