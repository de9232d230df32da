/** Markup that may be written as it is; everything else is escaped. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | readonly Part[];

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text as it stands in HTML, in XML, and in their quoted attributes. */
export const escapeMarkup = (text: string): string => text.replace(/[&<>"']/g, character => ENTITIES[character] ?? '');

const textOf = (part: Part): string => {
  if (part instanceof Markup) return part.text;
  return typeof part === 'string' || typeof part === 'number' ? escapeMarkup(String(part)) : part.map(textOf).join('');
};

/** A template whose values are escaped unless they are markup themselves. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Markup =>
  new Markup(texts.map((text, index) => text + textOf(parts[index] ?? '')).join(''));

export const NOTHING = new Markup('');
