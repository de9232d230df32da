import { type Content, contentOf } from '#protocol/content/kinds';

/** The kinds of content that this app draws. */
const DRAWN: ReadonlySet<Content['kind']> = new Set<Content['kind']>(['text']);

/**
 * What `data` says, as far as this app draws it: the rest is kept as it came. Who makes the app draw a further kind adds it
 * above, and a version of the local database that reads what was kept of it.
 */
export function drawableOf(data: string): Content {
  const content = contentOf(data);
  return DRAWN.has(content.kind) ? content : { kind: 'unknown', data };
}
