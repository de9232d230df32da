import {
  AGAIN_MS,
  nextCheck,
  nextProgress,
  PATIENCE_MS,
  UNASKED,
  type CheckEvent,
  type Progress,
  type ProgressEvent,
} from './live-check.ts';

/** The script of the welcome page: what it says is in the page already, in one language. */
const page = document.body;
const asked = (page.dataset['ask'] ?? '').split(' ').filter(origin => origin !== '');
const steps = [...document.querySelectorAll<HTMLElement>('.step')];
const helps = steps.map(({ dataset }) => dataset['help'] ?? 'none');
const kept = `parley-steps-${page.dataset['system'] ?? ''}`;

/** An iPad calls itself a Mac, and only its touch screen tells. */
const isPad = page.dataset['system'] === 'macos-safari' && navigator.maxTouchPoints > 0;
if (isPad && page.dataset['chosen'] === 'false') {
  const address = new URL(location.href);
  address.searchParams.set('system', 'ipados');
  location.replace(address);
}

let check = UNASKED;
let trusted = false;
let progress = remembered();
document.documentElement.classList.add('live');
draw();

function move(event: ProgressEvent): void {
  progress = nextProgress(progress, event, helps);
  try {
    sessionStorage.setItem(kept, JSON.stringify(progress));
  } catch {
    // Some private windows keep nothing: then a reload begins anew.
  }
  draw();
}

/** A phone may have thrown the page away while its settings were open. */
function remembered(): Progress {
  try {
    const { reached } = JSON.parse(sessionStorage.getItem(kept) ?? '{}') as { reached?: unknown };
    const step = Number(reached ?? 0);
    if (Number.isInteger(step) && step >= 0 && step < steps.length) return { reached: step, open: step };
  } catch {
    // As if there were nothing.
  }
  return { reached: 0, open: 0 };
}

function draw(): void {
  steps.forEach((step, index) => {
    const isDone = index < progress.reached || (trusted && index === steps.length - 1);
    step.classList.toggle('done', isDone);
    step.classList.toggle('reached', index <= progress.reached);
    step.classList.toggle('current', index === progress.open);
    step.querySelector('.title')?.setAttribute('aria-expanded', String(index === progress.open));
    step.querySelector<HTMLElement>('.title .unseen')?.toggleAttribute('hidden', !isDone);
  });
}

steps.forEach((step, index) => {
  step.querySelector('.title')?.addEventListener('click', () => move({ type: 'looked', step: index }));
  step.querySelectorAll('[data-next]').forEach(one =>
    // A download begins with the same click: the page must not move away under it.
    one.addEventListener('click', () => setTimeout(() => move({ type: 'done', step: index }))),
  );
});

function tell(event: CheckEvent): void {
  const [next, effects] = nextCheck(check, event);
  check = next;
  for (const effect of effects) {
    if (effect.type === 'ask') void ask();
    else if (effect.type === 'rest') setTimeout(() => tell({ type: 'due' }), AGAIN_MS);
    else show(effect.origin);
  }
}

async function ask(): Promise<void> {
  const answers = await Promise.all(asked.map(isTrusted));
  const place = answers.indexOf(true);
  tell({ type: 'heard', origin: asked[place] ?? null, best: place === 0 });
}

async function isTrusted(origin: string): Promise<boolean> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const { status } = await fetch(`${origin}/trust`, {
      cache: 'no-store',
      credentials: 'omit',
      signal: patience.signal,
    });
    return status === 204;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** An answer proves nothing (a warning that was clicked through answers too): it only leads on to https. */
function show(origin: string): void {
  trusted = true;
  document.documentElement.classList.add('trusted');
  document.querySelectorAll<HTMLElement>('.waiting').forEach(one => (one.hidden = true));
  document.querySelectorAll<HTMLElement>('.answered').forEach(one => (one.hidden = false));
  document.querySelectorAll<HTMLElement>('.by-address').forEach(one => (one.hidden = origin === asked[0]));
  document.querySelectorAll<HTMLAnchorElement>('a.open').forEach(one => (one.href = `${origin}/sign-up`));
  move({ type: 'trusted' });
}

const look = (): void => tell({ type: document.visibilityState === 'visible' ? 'seen' : 'unseen' });
// The app's worker was refused, which is the better witness: only the person says when it is mended.
if (page.dataset['missing'] !== 'true') {
  addEventListener('pageshow', look);
  document.addEventListener('visibilitychange', look);
  look();
}
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') move({ type: 'returned' });
});
