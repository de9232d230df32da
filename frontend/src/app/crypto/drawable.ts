import { type Content, contentOf } from '#protocol/content/kinds';

/** The kinds of content that this app draws. */
const DRAWN: ReadonlySet<Content['kind']> = new Set<Content['kind']>(['text']);

/**
 * Decodes `data` where this app can draw its kind; everything else is kept as it came. To draw another kind, add it to
 * `DRAWN`, and add a version of the local database that decodes what was kept of it.
 */
export function drawableOf(data: string): Content {
  const content = contentOf(data);
  return DRAWN.has(content.kind) ? content : { kind: 'unknown', data };
}
