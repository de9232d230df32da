import * as z from 'zod/mini';
import { PAGE_ROWS } from '#protocol/limits';
import { type KeyServer } from './key-server.ts';
import { type PlainUpTo } from './secrets-bundle.ts';

const page = z.object({
  items: z.array(z.object({ id: z.string(), lastSeq: z.number() })),
  next: z.optional(z.string()),
});

/**
 * The last place of each conversation of this person, as the server says: up to there it may hold what was written before they
 * encrypted.
 * @throws where the server does not answer
 */
export async function plainPlaces(server: KeyServer): Promise<PlainUpTo> {
  const places: Record<string, number> = {};
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const path = `/api/conversations?limit=${PAGE_ROWS}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    const { items, next } = page.parse(await server.ask('GET', path));
    for (const { id, lastSeq } of items) if (lastSeq > 0) places[id] = lastSeq;
    cursor = next;
  }
  return places;
}
