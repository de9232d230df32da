import { type Content } from '#protocol/content/kinds';
import type { ReadRefusal } from '../../../crypto/entries.ts';
import type { Known } from '../../../crypto/known.ts';
import type { PlainUpTo } from '../../../crypto/secrets-bundle.ts';

/** Why what an entry says is not there: nobody has tried yet to open it, or the machine has refused it. */
export type Sealed = 'unopened' | ReadRefusal;

/** What an entry says. Where it is `sealed`, the content is the `data` as it came. */
export interface Opened {
  readonly content: Content;
  readonly sealed?: Sealed;
  /** How it is known who wrote it; undefined: it was not encrypted, or an older app has opened it. */
  readonly known?: Known;
}

/** Where plain messages are taken: everywhere, as long as this person has no identity; null: it is not known yet. */
export type Plain = 'everywhere' | PlainUpTo | null;

/** What may still be read later, without a person doing anything: it is tried again when keys come. */
const MAY_OPEN: ReadonlySet<Sealed | undefined> = new Set<Sealed>(['unopened', 'no-key', 'withheld', 'used-before']);
export const mayOpen = (sealed: Sealed | undefined): boolean => MAY_OPEN.has(sealed);
