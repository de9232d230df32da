import ts from 'typescript';
import { readSources, report, type SourceFile } from './source-files.ts';

/**
 * Numbered rules and the specs that prove them. A rule is an item of a list that begins with its id in bold, `- **P12** …`, or
 * `- **P12a** …` where it is one of several clauses,
 * in backend/PROTOCOL.md or in the Store's comment; a spec proves the rules its title begins with, `P12 …` or `P12, S3 …`.
 */
const rulesIn = ['backend/PROTOCOL.md', 'backend/src/store/store.ts'];

const ruleLine = /^\s*(?:\* )?[-*] \*\*([A-Z]{1,2}\d{1,3}[a-z]?)\*\*/gm;
const titleStart = /^((?:[A-Z]{1,2}\d{1,3}[a-z]?(?:, | and )?)+)(?: |:|$)/;
const isSpec = (path: string) => /\.(spec|e2e|contract)\.ts$/.test(path);

/** @returns a line for each rule without a spec, each title with an id that no rule has, and each id given twice */
export function ruleViolations(files: readonly SourceFile[]): string[] {
  const rules = rulesOf(files);
  const known = new Set(rules.map(rule => rule.id));
  const titles = files.filter(file => isSpec(file.path)).flatMap(idsOfTitles);
  const proved = new Set(titles.map(title => title.id));
  return [
    ...rules
      .filter((rule, index) => rules.findIndex(other => other.id === rule.id) < index)
      .map(rule => `${rule.path}: ${rule.id} is there twice`),
    ...rules.filter(rule => !proved.has(rule.id)).map(rule => `${rule.path}: no spec's title names ${rule.id}`),
    ...titles
      .filter(title => title.isCertain && !known.has(title.id))
      .map(title => `${title.path}: there is no rule ${title.id}`),
  ];
}

/** Every numbered rule, and where it stands. */
export const rulesOf = (files: readonly SourceFile[]): { path: string; id: string }[] =>
  files
    .filter(file => rulesIn.includes(file.path))
    .flatMap(({ path, text }) => [...text.matchAll(ruleLine)].map(match => ({ path, id: match[1] ?? '' })));

/** A text that is not itself a title may still become one, in a table of cases: it proves, but it is not held to exist. */
function idsOfTitles({ path, text }: SourceFile) {
  const found: { path: string; id: string; isCertain: boolean }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateHead(node)) {
      const ids = titleStart.exec(node.text)?.[1]?.match(/[A-Z]{1,2}\d{1,3}[a-z]?/g) ?? [];
      found.push(...ids.map(id => ({ path, id, isCertain: isTitle(node) })));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return found;
}

/** The text is what `it`, `describe` or one of their kin is given. */
function isTitle(node: ts.Node): boolean {
  const expression = ts.isTemplateHead(node) ? node.parent : node;
  const call = expression.parent;
  if (!ts.isCallExpression(call)) return false;
  return /^([fx]?(it|describe)|suiteNeeds)$/.test(call.expression.getText());
}

if (import.meta.main) report(ruleViolations(readSources()));
