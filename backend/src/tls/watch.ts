import type { Logger } from '../log.ts';
import { FileError } from '../secrets/private-file.ts';
import type { Timers } from '../timers.ts';
import { CertificateError } from './certificate-error.ts';
import type { Certificates } from './certificates.ts';
import type { ServedCertificates } from './served.ts';
import { afterLook, nothingYet, type Look, type WatchEffect } from './watching.ts';

/** Every so many ms files, addresses and dates are looked at: a phone that followed the machine to a new address waits no longer. */
export const LOOK_MS = 10_000;

export type WatchOptions = {
  /**
   * Opens the certificates as they ought to be now. `isStart`: nothing is served yet, so that a root may be made.
   * A rejection stops a start; later it is said, and the older certificate is served on.
   */
  open: (isStart: boolean) => Promise<Certificates>;
  log: Logger;
  timers: Pick<Timers, 'every'>;
};

export type WatchedCertificates = ServedCertificates & {
  /** Looks now; looks never overlap. */
  look(): Promise<void>;
  stop(): void;
};

/**
 * Opens the certificates and keeps them as they ought to be: what is on disk, which addresses there are and what the clock says
 * is looked at again and again, and whatever differs is served.
 * @throws what `open` throws at the start
 */
export async function watchCertificates({ open, log, timers }: WatchOptions): Promise<WatchedCertificates> {
  const listeners = new Set<(now: Certificates) => void>();
  const first = await open(true);
  let watching = nothingYet;
  let current = first;
  const apply = (effect: WatchEffect): void => {
    if (effect.type === 'log') return tell(log, effect);
    current = effect.certificates;
    for (const listener of listeners) listener(current);
  };
  const heed = (look: Look): void => {
    const [after, effects] = afterLook(watching, look);
    watching = after;
    effects.forEach(apply);
  };
  heed({ type: 'opened', certificates: first });

  let looking: Promise<void> | undefined;
  const look = (): Promise<void> =>
    (looking ??= outcomeOf(open)
      .then(heed)
      .finally(() => (looking = undefined)));
  const stop = timers.every(LOOK_MS, () => {
    look().catch((err: unknown) => log.error({ err }, 'the certificates cannot be looked at'));
  });
  return {
    current: () => current,
    onChange: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    look,
    stop,
  };
}

async function outcomeOf(open: WatchOptions['open']): Promise<Look> {
  try {
    return { type: 'opened', certificates: await open(false) };
  } catch (error) {
    if (!(error instanceof CertificateError) && !(error instanceof FileError)) throw error;
    return { type: 'failed', why: `${error.message} The older certificate is served on.` };
  }
}

function tell(log: Logger, { level, text, names, reason }: Extract<WatchEffect, { type: 'log' }>): void {
  log[level]({ ...(names && { names }), ...(reason !== undefined && { reason }) }, text);
}
