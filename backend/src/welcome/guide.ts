import type { Words } from './words.ts';

/**
 * One line of a drawn screen, in the system's own words. `shown` is only looked at; everything else is one tap: a line or
 * button that is pressed, a switch, or a code that is typed.
 */
export type Line = { readonly kind: 'shown' | 'pressed' | 'button' | 'switch' | 'typed'; readonly words: Words };

/** What a step needs of our own page: one tap each. `import` lets the browser take the certificate in at once. */
export type Help = 'download' | 'profile' | 'import' | 'compare' | 'open';

export type Step = {
  readonly title: Words;
  /** The way through the system's own menus: each is one tap. */
  readonly path?: readonly Words[];
  readonly sentence?: Words;
  /** What the system will say from this step on, said beforehand. */
  readonly beforehand?: Words;
  /** What is drawn, and tapped, at the end of the way. */
  readonly screen?: readonly Line[];
  readonly help?: Help;
};

/** How a system is made to trust the root, and what it should be told before. */
export type Guide = {
  readonly steps: readonly Step[];
  /** How the app comes to the home screen. */
  readonly home: Words;
};

/** How many taps a guide asks for at most: the system's own, and those on our page. */
export type Taps = { readonly system: number; readonly ours: number };

export function tapsOf({ steps }: Guide): Taps {
  const system = steps.map(({ path = [], screen = [] }) => path.length + screen.filter(isTap).length);
  return {
    system: system.reduce((sum, taps) => sum + taps, 0),
    ours: steps.filter(({ help }) => help !== undefined).length,
  };
}

export const isTap = ({ kind }: Line): boolean => kind !== 'shown';

const line =
  (kind: Line['kind']) =>
  (en: string, de = en): Line => ({ kind, words: { en, de } });

export const shown = line('shown');
export const pressed = line('pressed');
export const button = line('button');
export const turnedOn = line('switch');
export const typed = line('typed');

/** A way through menus, in both languages: `way([['Settings', 'Einstellungen'], …])`. */
export const way = (places: readonly (readonly [en: string, de: string])[]): Words[] =>
  places.map(([en, de]) => ({ en, de }));

/** The last two steps are the same everywhere but for where the fingerprint is shown. */
export const lastSteps = (where: Words): Step[] => [
  { title: { en: 'Compare, to be sure', de: 'Vergleichen, um sicher zu sein' }, sentence: where, help: 'compare' },
  { title: { en: 'Wait until this turns green', de: 'Warte, bis es hier grün wird' }, help: 'open' },
];
