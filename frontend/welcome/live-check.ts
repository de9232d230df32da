/** How long to wait between two questions whether the certificate is trusted, and for an answer, in ms. */
export const AGAIN_MS = 3_000;
export const PATIENCE_MS = 4_000;

/**
 * ```
 *            seen             silent, or a second-best answer
 *   hidden ───────► asking ─────────────────────────────────► resting
 *      ▲              │  ▲                                      │ due, seen
 *      │ unseen       │  └──────────────────────────────────────┘
 *      └──────────────┤
 *                     │ the best one answers
 *                     └────────────────────► settled
 * ```
 * `answered` is the best origin that ever answered: what has turned green stays green.
 */
export type LiveCheck = {
  readonly phase: 'hidden' | 'asking' | 'resting' | 'settled';
  readonly answered: string | null;
};

export const UNASKED: LiveCheck = { phase: 'hidden', answered: null };

/** `seen`: loaded, come back to, made visible. `heard`: the best origin that has answered, null where none has. */
export type CheckEvent =
  | { readonly type: 'seen' | 'unseen' | 'due' }
  | { readonly type: 'heard'; readonly origin: string | null; readonly best: boolean };

/** `ask` every origin once; `rest` for AGAIN_MS and then say `due`; `show` that an origin is trusted. */
export type CheckEffect =
  { readonly type: 'ask' } | { readonly type: 'rest' } | { readonly type: 'show'; readonly origin: string };

/** When to ask, and what to show. Total: an answer may come at any time, also after the page was hidden. */
export function nextCheck(check: LiveCheck, event: CheckEvent): readonly [LiveCheck, readonly CheckEffect[]] {
  if (check.phase === 'settled') return [check, []];
  switch (event.type) {
    case 'seen':
    case 'due':
      if (check.phase === 'asking' || (event.type === 'due' && check.phase === 'hidden')) return [check, []];
      return [{ ...check, phase: 'asking' }, [{ type: 'ask' }]];
    case 'unseen':
      return [{ ...check, phase: 'hidden' }, []];
    case 'heard':
      return heard(check, event.origin, event.best);
  }
}

function heard(check: LiveCheck, origin: string | null, best: boolean): readonly [LiveCheck, readonly CheckEffect[]] {
  const show: readonly CheckEffect[] = origin === null || origin === check.answered ? [] : [{ type: 'show', origin }];
  if (origin !== null && best) return [{ phase: 'settled', answered: origin }, show];
  const answered = origin ?? check.answered;
  if (check.phase === 'hidden') return [{ phase: 'hidden', answered }, show];
  return [{ phase: 'resting', answered }, [...show, { type: 'rest' }]];
}

/** The steps of a page: how far one is, and which one is looked at. */
export type Progress = { readonly reached: number; readonly open: number };

/** What moves it: a step is done, somebody comes back from the system's settings, looks at a step, or trust is there. */
export type ProgressEvent =
  | { readonly type: 'done'; readonly step: number }
  | { readonly type: 'returned' | 'trusted' }
  | { readonly type: 'looked'; readonly step: number };

/** @param helps what each step needs of the page: `none` is work in the system's settings, from which one comes back */
export function nextProgress(progress: Progress, event: ProgressEvent, helps: readonly string[]): Progress {
  const last = helps.length - 1;
  const reach = (step: number): Progress => {
    const reached = Math.max(progress.reached, Math.min(step, last));
    return { reached, open: reached };
  };
  switch (event.type) {
    case 'done':
      return reach(event.step + 1);
    case 'returned':
      return helps[progress.reached] === 'none' ? reach(progress.reached + 1) : progress;
    case 'trusted':
      return reach(last);
    case 'looked':
      return { ...progress, open: Math.max(0, Math.min(event.step, last)) };
  }
}
