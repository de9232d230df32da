import type { Page, PageQuery } from '#protocol/api/page';
import type { BadCursor, StorePage } from '../store/page.ts';
import { answer, refuse, type Reply } from './route.ts';

/** Items of a page whose length nobody chose. */
export const DEFAULT_LIMIT = 50;

/** One page of a list of the store's, its rows as the interface shows them. */
export async function storePage<Row, Item>(
  { cursor, limit = DEFAULT_LIMIT }: PageQuery,
  fetch: (cursor: string | undefined, limit: number) => Promise<StorePage<Row> | BadCursor>,
  shown: (rows: Row[]) => Item[] | Promise<Item[]>,
): Promise<Reply<Page<Item>>> {
  const page = await fetch(cursor, limit);
  if (page === 'bad-cursor') return badCursor;
  return answer({ items: await shown(page.items), ...(page.next === undefined ? {} : { next: page.next }) });
}

export const badCursor = refuse('bad-request', {
  errors: [{ path: 'cursor', message: 'This list gave no such cursor' }],
});
