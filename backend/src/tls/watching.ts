import type { Certificates } from './certificates.ts';
import { describeLeftOut } from './leaf-names.ts';

/** What is served, and which standing sentences the log has had already: each is said once, and again when it was gone meanwhile. */
export type Watching = {
  readonly served: Certificates | undefined;
  readonly leftOut: string | undefined;
  readonly trouble: string | undefined;
};

export const nothingYet: Watching = { served: undefined, leftOut: undefined, trouble: undefined };

/** The outcome of a look at the files, the addresses and the clock; `why` is a sentence. */
export type Look = { type: 'opened'; certificates: Certificates } | { type: 'failed'; why: string };

export type WatchEffect =
  | { type: 'serve'; certificates: Certificates }
  | { type: 'log'; level: 'info' | 'warn' | 'error'; text: string; names?: readonly string[]; reason?: string };

/**
 * ```
 *            look: opened, the same ─┐ say what is left out, if that is news
 *                                    ▼
 *   nothing ── opened ──────────► served ── opened, another ──► served: serve it; a new root is said
 *                                    ▲
 *            look: failed ───────────┘ the older one is served on; why is said once
 * ```
 */
export function afterLook(before: Watching, look: Look): [Watching, WatchEffect[]] {
  if (look.type === 'failed') return troubled(before, look.why, 'error');
  const { certificates } = look;
  const { issued, names } = certificates;
  const leftOut = describeLeftOut(certificates.leftOut);
  const effects: WatchEffect[] = [];
  if (leftOut !== undefined && leftOut !== before.leftOut) effects.push({ type: 'log', level: 'info', text: leftOut });
  if (issued !== undefined)
    effects.push({ type: 'log', level: 'info', text: 'certificate issued', reason: issued, names });
  if (isNewRoot(before.served, certificates)) effects.push({ type: 'log', level: 'warn', text: trustAnew });
  if (before.served?.cert !== certificates.cert) {
    effects.push({ type: 'serve', certificates });
    if (before.served && issued === undefined)
      effects.push({ type: 'log', level: 'info', text: 'certificate read anew', names });
  }
  const after = { served: certificates, leftOut, trouble: undefined };
  if (certificates.kept === undefined) return [after, effects];
  const [told, more] = troubled({ ...after, trouble: before.trouble }, certificates.kept, 'warn');
  return [told, [...effects, ...more]];
}

function troubled(before: Watching, why: string, level: 'warn' | 'error'): [Watching, WatchEffect[]] {
  const effects: WatchEffect[] = before.trouble === why ? [] : [{ type: 'log', level, text: why }];
  return [{ ...before, trouble: why }, effects];
}

const trustAnew = 'There is a new root: every phone and browser that trusted the older one must trust it anew.';

const isNewRoot = (before: Certificates | undefined, now: Certificates): boolean =>
  before?.root !== undefined && before.root.hash !== now.root?.hash;
