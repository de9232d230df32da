import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rulesOf } from './check-rules.ts';
import { readSources, report, type SourceFile } from './source-files.ts';

/*
 * The tables of backend/SECURITY.md about the OWASP ASVS 5.0: each requirement of levels 1 and 2 has one row, one that is met names
 * evidence, and every file, rule, page and heading that the page names is there.
 */

const PAGE = 'backend/SECURITY.md';

/** How many requirements of levels 1 and 2 each section of each chapter of the ASVS 5.0 has: its first ones, those of level 3 come last. */
const CHAPTERS: readonly (readonly number[])[] = [
  [2, 9, 11, 3, 2],
  [3, 3, 4, 1],
  [0, 2, 4, 6, 5, 0, 2],
  [3, 1, 2, 4],
  [1, 3, 2, 3],
  [3, 12, 4, 4, 5, 3, 0, 4],
  [3, 4, 2, 5, 2, 2],
  [2, 3, 1, 1],
  [3, 4],
  [2, 2, 4, 11, 5, 2, 3],
  [2, 3, 3, 4, 1, 1],
  [3, 2, 4],
  [1, 5, 2, 5],
  [2, 4, 3],
  [3, 3, 7],
  [1, 5, 4, 3, 3],
  [1, 4, 2],
];
/** Their numbers, such as `6.2.12`. */
export const REQUIREMENTS: readonly string[] = CHAPTERS.flatMap((sections, chapter) =>
  sections.flatMap((count, section) =>
    Array.from({ length: count }, (_, index) => `${chapter + 1}.${section + 1}.${index + 1}`),
  ),
);

/** Where a path of the page may begin. */
const FOLDERS = ['', 'backend/', 'backend/src/', 'frontend/src/app/'];

/**
 * @param page backend/SECURITY.md
 * @param isThere whether a path from the top leads to a file
 * @returns a line for each number that is missing, unknown or there twice, each met one without evidence, and each name that leads nowhere
 */
export function evidenceFaults(
  page: string,
  files: readonly SourceFile[],
  isThere: (path: string) => boolean,
): string[] {
  const rows = rowsOf(page);
  const named = rows.flatMap(({ numbers }) => numbers);
  // `P6` stands for all its clauses: P6a, P6b.
  const rules = new Set(rulesOf(files).flatMap(({ id }) => [id, id.replace(/[a-z]$/, '')]));
  const isPath = (path: string) => FOLDERS.some(folder => isThere(folder + path));
  const faults = [
    ...REQUIREMENTS.filter(number => !named.includes(number)).map(number => `${number} has no row`),
    ...named.filter((number, index) => named.indexOf(number) < index).map(number => `${number} has two rows`),
    ...named.filter(number => !REQUIREMENTS.includes(number)).map(number => `${number} is not of level 1 or 2`),
    ...rows
      .filter(({ shownBy }) => shownBy !== undefined && !/`[^`]+`|\]\(|\b[A-Z]{1,2}\d/.test(shownBy))
      .map(({ numbers }) => `${numbers[0] ?? ''} names nothing that shows it`),
    ...rows
      .flatMap(({ shownBy = '' }) => shownBy.match(/\b[A-Z]{1,2}\d{1,3}[a-z]?\b/g) ?? [])
      .filter(id => !rules.has(id))
      .map(id => `there is no rule ${id}`),
    ...pathsOf(page)
      .filter(path => !isPath(path))
      .map(path => `there is no file ${path}`),
    ...linksOf(page)
      .filter(link => !leadsSomewhere(link, page, files, isThere))
      .map(link => `${link} leads nowhere`),
  ];
  return [...new Set(faults)].map(fault => `${PAGE}: ${fault}`);
}

interface Row {
  readonly numbers: readonly string[];
  /** The third cell, which rows of met requirements have. */
  readonly shownBy: string | undefined;
}

/** Every row that begins with the number of a requirement. */
const rowsOf = (page: string): Row[] =>
  page.split('\n').flatMap(line => {
    const [, first = '', , shownBy] = line.split('|').map(cell => cell.trim());
    const numbers = numbersOf(first);
    return numbers.length === 0 ? [] : [{ numbers, shownBy: shownBy === '' ? undefined : shownBy }];
  });

/** `6.2.1, 6.2.3–6.2.5` at the beginning of a cell; words may follow. */
function numbersOf(cell: string): string[] {
  const list = /^(?:\d+\.\d+\.\d+(?:–\d+\.\d+\.\d+)?(?:, )?)+/.exec(cell)?.[0] ?? '';
  return list.split(/, ?/).flatMap(part => {
    const [first = '', last = first] = part.split('–');
    const [section, from, to] = [first.replace(/\.\d+$/, ''), lastNumber(first), lastNumber(last)];
    return first === '' ? [] : Array.from({ length: to - from + 1 }, (_, index) => `${section}.${from + index}`);
  });
}
const lastNumber = (number: string): number => Number(number.slice(number.lastIndexOf('.') + 1));

/** What stands as code and is named like a file. */
const pathsOf = (page: string): string[] =>
  [...page.matchAll(/`([\w./-]+\.(?:ts|mjs|js|json|md|html))`/g)].map(([, path = '']) => path);

/** The targets of links. */
const linksOf = (page: string): string[] => [...page.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);

function leadsSomewhere(
  link: string,
  page: string,
  files: readonly SourceFile[],
  isThere: (path: string) => boolean,
): boolean {
  if (/^https?:/.test(link)) return true;
  const [file = '', heading] = link.split('#');
  const path = posix.join(posix.dirname(PAGE), file);
  if (file !== '' && !isThere(path)) return false;
  const text = file === '' ? page : (files.find(one => one.path === path)?.text ?? '');
  return heading === undefined || headingsOf(text).includes(heading);
}

/** How GitHub names headings in links. */
const headingsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, words = '']) =>
    words
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );

if (import.meta.main) {
  const files = readSources();
  const top = new URL('..', import.meta.url);
  const isThere = (path: string): boolean => existsSync(fileURLToPath(new URL(path, top)));
  report(evidenceFaults(files.find(({ path }) => path === PAGE)?.text ?? '', files, isThere));
}
