import { drawing } from './drawing.ts';
import type { Help, Step } from './guide.ts';
import { html, NOTHING, type Markup } from './html.ts';
import { HELP, PAGE } from './page-words.ts';
import { fill, type Language, type Words } from './words.ts';

/** What a page is made for. */
export type View = {
  readonly language: Language;
  /** The installation's, and the root's as the system will show it. */
  readonly name: string;
  readonly root: string;
  /** Where “I have done it” leads. */
  readonly leadsTo: string;
};

/** @returns says words in a view's language, with its names in their places */
export const sayFor =
  ({ language, name, root }: Pick<View, 'language' | 'name' | 'root'>) =>
  (words: Words): string =>
    fill(words[language], { name, root });

const FILES = { download: '/parley.crt', profile: '/parley.mobileconfig', import: '/parley.crt?import' } as const;

/** One step of the way; the page's script opens and closes it, and without the script all are open. */
export function stepMarkup(step: Step, index: number, view: View, home: Words): Markup {
  const say = sayFor(view);
  const { title, path = [], sentence, beforehand, screen = [], help } = step;
  return html`<li class="step" data-help="${help ?? 'none'}">
    <span class="number" aria-hidden="true">${index + 1}</span>
    <h2>
      <button type="button" class="title">${say(title)}<span class="unseen" hidden> (${say(PAGE.done)})</span></button>
    </h2>
    ${path.length === 0 ? NOTHING : html`<p class="path">${path.map(say).join(' › ')}</p>`}
    ${sentence === undefined ? NOTHING : html`<p class="sentence">${say(sentence)}</p>`}
    ${help === 'open' ? opening(view, home) : NOTHING}
    <div class="more">
      ${beforehand === undefined ? NOTHING : html`<p class="notice">${say(beforehand)}</p>`} ${fileButton(help, say)}
      ${screen.length === 0 ? NOTHING : drawing(screen, ({ words }) => say(words))}
      ${help === 'compare' ? comparing(say) : NOTHING}
    </div>
  </li>`;
}

function fileButton(help: Help | undefined, say: (words: Words) => string): Markup {
  if (help !== 'download' && help !== 'profile' && help !== 'import') return NOTHING;
  return html`<a class="button" href="${FILES[help]}" data-next>${say(HELP[help])}</a>`;
}

const comparing = (say: (words: Words) => string): Markup =>
  html`<div class="actions">
    <button type="button" class="button quiet" data-next>${say(PAGE.compared)}</button>
    <button type="button" class="button plain" data-next>${say(PAGE.skip)}</button>
  </div>`;

/** The state that turns green, and the way on that is there whatever the state. */
export function opening(view: View, home: Words | undefined): Markup {
  const say = sayFor(view);
  return html`<div class="state" role="status">
      <p class="waiting">${SPINNER} ${say(PAGE.waiting)}</p>
      <p class="answered" hidden>${say(PAGE.answered)}</p>
      <p class="by-address" hidden>${say(PAGE.byAddress)}</p>
    </div>
    <a class="button quiet open" href="${view.leadsTo}">
      <span class="waiting">${say(PAGE.haveDone)}</span><span class="answered" hidden>${say(PAGE.open)}</span>
    </a>
    ${home === undefined ? NOTHING : html`<p class="sentence home">${say(home)}</p>`}`;
}

const SPINNER = html`<svg class="spinner" viewBox="0 0 16 16" aria-hidden="true">
  <path d="M8 1v3M8 12v3M1 8h3M12 8h3M3 3l2.100 2.100M10.900 10.900 13 13M3 13l2.100-2.100M10.900 5.100 13 3" />
</svg>`;
