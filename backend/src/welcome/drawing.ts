import { isTap, type Line } from './guide.ts';
import { html, NOTHING, type Markup } from './html.ts';

/** In units of the drawing, which is as wide as a phone's column of text. */
const WIDTH = 298;
const EDGE = 8;
const ROW = 34;
const TEXT_LINE = 17;
/** How many letters of this size fit beside each other. */
const LETTERS = 40;

type Row = { readonly line: Line; readonly texts: readonly string[]; readonly top: number; readonly height: number };

/** @returns lines of at most `most` letters, broken between words */
export function wrap(text: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/**
 * Draws a screen: what is tapped has the amber frame, in the order from top to bottom.
 * @param say a line's words in the page's language
 */
export function drawing(lines: readonly Line[], say: (line: Line) => string): Markup {
  let top = EDGE;
  const rows = lines.map((line): Row => {
    const texts = wrap(say(line), line.kind === 'shown' || line.kind === 'button' ? LETTERS : LETTERS - 6);
    const row = { line, texts, top, height: ROW + (texts.length - 1) * TEXT_LINE };
    top += row.height + 4;
    return row;
  });
  const height = top + EDGE - 4;
  const label = lines.map(say).join(', ');
  return html`<svg class="drawing" role="img" aria-label="${label}" viewBox="0 0 ${WIDTH} ${height}">
    <rect class="frame" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="16" />
    ${rows.map(drawRow)}
  </svg>`;
}

function drawRow({ line, texts, top, height }: Row): Markup {
  const isCentred = line.kind === 'button';
  const x = isCentred ? WIDTH / 2 : EDGE + 11;
  const place = isTap(line) ? 'row tap' : 'row';
  return html`<rect
      class="${place}"
      x="${EDGE}"
      y="${top}"
      width="${WIDTH - 2 * EDGE}"
      height="${height}"
      rx="${isCentred ? ROW / 2 : 10}"
    />${texts.map(
      (text, index) => html`<text class="${line.kind}" x="${x}" y="${top + 21.5 + index * TEXT_LINE}">${text}</text>`,
    )}${sign(line, top + height / 2)}`;
}

/** What stands at the end of a row. */
function sign({ kind }: Line, middle: number): Markup {
  const end = WIDTH - EDGE - 12;
  switch (kind) {
    case 'pressed':
      return html`<path class="sign" d="M${end - 5} ${middle - 5}l5 5-5 5" />`;
    case 'switch':
      return html`<rect class="on" x="${end - 26}" y="${middle - 8}" width="28" height="16" rx="8" /><circle
          class="knob"
          cx="${end - 6}"
          cy="${middle}"
          r="6"
        />`;
    case 'typed':
      return html`${[0, 1, 2, 3].map(index => html`<circle class="dot" cx="${end - index * 9}" cy="${middle}" r="2.5" />`)}`;
    case 'shown':
    case 'button':
      return NOTHING;
  }
}
