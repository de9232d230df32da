import { functionsOf, type Shape } from './function-lengths.ts';
import { ruleViolations } from './rule-titles.ts';
import { isTest, readSources, report, type SourceFile } from './source-files.ts';

/** In lines. */
const budget = { file: 300, spec: 400, medianFile: 80, function: 50, ninetiethFunction: 25 };

/** What has a size; the pages in Markdown have as many lines as they need. */
const isMeasured = (path: string): boolean => /\.(ts|mjs|cjs|html|css)$/.test(path) && !/\.d\.m?ts$/.test(path);

/** @returns a line for each file or function beyond its budget, and for a house that is too big at the median */
export function shapeViolations(files: readonly SourceFile[]): string[] {
  const measured = files.filter(file => isMeasured(file.path));
  const ours = measured.filter(file => !isTest(file.path));
  const functions = ours.filter(file => /\.ts$/.test(file.path)).flatMap(functionsOf);
  return [
    ...measured.flatMap(faultsOfLength),
    ...functions
      .filter(one => one.lines > budget.function)
      .map(one => `${one.where}: ${one.lines} lines, not ${budget.function}`),
    ...beyond('the median file', quantile(ours.map(linesOf), 0.5), budget.medianFile),
    ...beyond('the 90th percentile of functions', quantile(named(functions), 0.9), budget.ninetiethFunction),
  ];
}

/** Callbacks inside other functions would only flatter the percentile. */
const named = (functions: readonly Shape[]): number[] => functions.filter(one => one.isNamed).map(one => one.lines);

function faultsOfLength(file: SourceFile): string[] {
  const limit = isTest(file.path) ? budget.spec : budget.file;
  const lines = linesOf(file);
  return lines > limit ? [`${file.path}: ${lines} lines, not ${limit}: split it by concept`] : [];
}

const linesOf = (file: SourceFile): number => file.text.trimEnd().split('\n').length;

const beyond = (what: string, lines: number, limit: number): string[] =>
  lines > limit ? [`${what} has ${lines} lines, not ${limit}`] : [];

/** @returns the smallest value that at least `part` of the values do not exceed; 0 of none */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

if (import.meta.main) {
  const files = readSources();
  report([...shapeViolations(files), ...ruleViolations(files)]);
}
