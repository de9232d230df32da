import { tapsOf, type Guide } from './guide.ts';
import { GUIDES } from './guides.ts';
import { html, NOTHING, type Markup } from './html.ts';
import { MARK } from './mark.ts';
import { inLetters, PAGE } from './page-words.ts';
import { opening, sayFor, stepMarkup, type View } from './step-markup.ts';
import { SYSTEMS, type System } from './systems.ts';
import { fill, LANGUAGES, type Language, type Words } from './words.ts';

/** Everything a page shows: nothing of it is secret, and nothing on it proves anything. */
export type PageView = View & {
  readonly system: System;
  /** Whether the system was named in the address: then the script does not look for a better one. */
  readonly chosen: boolean;
  /** The name or address by which this page was called. */
  readonly host: string;
  /** Where the script asks whether the certificate is trusted, best first. */
  readonly ask: readonly string[];
  /** Whether the app has sent them back because its worker was refused. */
  readonly missing: boolean;
  /** Whether this browser may not do what the guide says. */
  readonly wrongBrowser: boolean;
  /** False with a certificate that others have issued. */
  readonly hasRoot: boolean;
};

const NAMES: Record<Language, string> = { en: 'English', de: 'Deutsch' };

/** The whole document. */
export function welcomePage(view: PageView): string {
  const say = sayFor(view);
  const title = say(view.hasRoot ? PAGE.title : PAGE.knownTitle);
  return html`<!doctype html>
    <html lang="${view.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · ${view.name}</title>
        <link rel="icon" type="image/svg+xml" href="/mark.svg" />
        <link rel="stylesheet" href="/welcome.css" />
        <script src="/welcome.js" defer></script>
      </head>
      <body
        data-ask="${view.ask.join(' ')}"
        data-system="${view.system}"
        data-chosen="${String(view.chosen)}"
        data-missing="${String(view.missing)}"
      >
        ${head(view)} ${view.hasRoot ? guided(view, title, GUIDES[view.system]) : known(view, title)}
      </body>
    </html>`.text;
}

const head = ({ name, host, language, system }: PageView): Markup =>
  html`<header>
    ${MARK}
    <p class="place"><strong>${name}</strong><span>${host}</span></p>
    <details class="languages">
      <summary><span class="unseen">${PAGE.language[language]} </span>${language.toUpperCase()}</summary>
      <ul>
        ${LANGUAGES.map(
          other =>
            html`<li>
              <a lang="${other}" hreflang="${other}" href="/?lang=${other}&system=${system}">${NAMES[other]}</a>
            </li>`,
        )}
      </ul>
    </details>
  </header>`;

function guided(view: PageView, title: string, guide: Guide): Markup {
  const say = sayFor(view);
  return html`<main>
    <div class="before">
      <h1>${title}</h1>
      ${view.missing ? html`<p class="notice">${say(PAGE.missing)}</p>` : NOTHING}
      ${view.wrongBrowser ? html`<p class="notice">${say(PAGE.safari)}</p>` : NOTHING} ${lead(view, guide)}
    </div>
    <ol class="steps">
      ${guide.steps.map((step, index) => stepMarkup(step, index, view, guide.home))}
    </ol>
    <div class="after">
      <details>
        <summary>${say(PAGE.allowTitle)}</summary>
        <p>${say(PAGE.allow)}</p>
        <p>${say(PAGE.without)}</p>
      </details>
      ${others(view)}
    </div>
  </main>`;
}

function lead(view: PageView, guide: Guide): Markup {
  const { language, system } = view;
  const isPhone = /^(ios|ipados|android)/.test(system);
  const steps = inLetters(guide.steps.length, language);
  const { system: theirs, ours } = tapsOf(guide);
  const taps = fill(PAGE.taps[language], { system: String(theirs), ours: String(ours) });
  return html`<p class="lead">${fill((isPhone ? PAGE.leadPhone : PAGE.leadComputer)[language], { steps })}</p>
    <p class="taps">${taps}</p>`;
}

const others = ({ language, system }: PageView): Markup => {
  const entries = Object.entries(SYSTEMS) as [System, Words][];
  return html`<details>
    <summary>${PAGE.otherTitle[language]}</summary>
    <ul class="systems">
      ${entries.map(([other, words]) =>
        other === system
          ? html`<li><a aria-current="true" href="/?lang=${language}&system=${other}">${words[language]}</a></li>`
          : html`<li><a href="/?lang=${language}&system=${other}">${words[language]}</a></li>`,
      )}
    </ul>
  </details>`;
};

const known = (view: PageView, title: string): Markup =>
  html`<main>
    <div class="before">
      <h1>${title}</h1>
      <p class="lead">${PAGE.known[view.language]}</p>
      ${opening(view, undefined)}
    </div>
  </main>`;
