import { isolate } from '#protocol/isolate';

/** What a text is filled with: names, messages, numbers. */
export type Params = Readonly<Record<string, string | number>>;

const PLACE = /\{\{\s*(\w+)\s*\}\}/g;

/**
 * Puts values into a text of ours. The text is read once, from left to right, so nothing in a value is a place, whatever people
 * write: braces, `$&`, `%s`; nor does a value turn the order of the words around it. A place without a value stays as it is written.
 * @param template a text of en.json or de.json, with places as `{{ name }}`
 */
export const fill = (template: string, params: Params): string =>
  // A function, because a string given to `replace` is a template, too (`$&`).
  template.replace(PLACE, (place, name: string) =>
    Object.hasOwn(params, name) ? isolate(String(params[name])) : place,
  );
