import browserslist from 'browserslist';
import type { Rule } from 'eslint';
import ts from 'typescript';
import { features } from 'web-features';

/** A version of each browser, by the name that web-features has for it. */
type Versions = Readonly<Record<string, string>>;

const NAMES: Readonly<Record<string, string>> = {
  chrome: 'chrome',
  edge: 'edge',
  firefox: 'firefox',
  safari: 'safari',
  and_chr: 'chrome_android',
  and_ff: 'firefox_android',
  ios_saf: 'safari_ios',
};

/** Negative where the first is older. `16.4` is before `16.10`, and a range such as `17.0-17.1` begins at its first version. */
function compareVersions(one: string, other: string): number {
  const parts = (version: string) => version.replace(/^≤/, '').split('-')[0]?.split('.').map(Number) ?? [];
  const [left, right] = [parts(one), parts(other)];
  const differing = left.findIndex((part, index) => part !== (right[index] ?? 0));
  return differing < 0 ? left.length - right.length : (left[differing] ?? 0) - (right[differing] ?? 0);
}

/** The oldest version of each browser that the app is built for: package.json, `browserslist`. */
export function oldestServed(path: string): Versions {
  const oldest: Record<string, string> = {};
  for (const served of browserslist(undefined, { path })) {
    const [browser = '', version = ''] = served.split(' ');
    const name = NAMES[browser];
    if (name === undefined) continue;
    if (oldest[name] === undefined || compareVersions(version, oldest[name]) < 0) oldest[name] = version;
  }
  return oldest;
}

/** Since which versions browsers have what a key of MDN's compatibility data names, as far as web-features knows it. */
const SINCE = new Map<string, Versions>(
  Object.values(features).flatMap(feature =>
    'status' in feature
      ? Object.entries(feature.status.by_compat_key ?? {}).map(
          ([key, { support }]) => [key, support as Versions] as const,
        )
      : [],
  ),
);

/** @returns the served browsers that do not have it, e.g. "chrome 119"; undefined for a key that nothing is known of */
export function lacking(key: string, served: Versions): string[] | undefined {
  const since = SINCE.get(key);
  if (since === undefined) return undefined;
  const lacks = ([browser, oldest]: [string, string]) => {
    const first = since[browser];
    return first === undefined || compareVersions(first, oldest) > 0;
  };
  return Object.entries(served)
    .filter(lacks)
    .map(entry => entry.join(' '));
}

/** Keys of all that is newer than the oldest browser served: what a run as such a browser has to take away. */
export const newerKeys = (served: Versions): string[] =>
  [...SINCE.keys()].filter(key => (lacking(key, served) ?? []).length > 0);

/** One class for the compatibility data, several for TypeScript's library. */
const CLASS_OF: Readonly<Record<string, string>> = {
  ReadonlyArray: 'Array',
  ReadonlyMap: 'Map',
  ReadonlySet: 'Set',
  IteratorObject: 'Iterator',
  AsyncIteratorObject: 'AsyncIterator',
};

const classNamed = (name: string): string => CLASS_OF[name] ?? name;

/** What the compatibility data may call a member of a class. */
function keysOf(owner: string, member: string): string[] {
  const name = classNamed(owner.replace(/Constructor$/, ''));
  const isStatic = owner.endsWith('Constructor');
  return [
    `javascript.builtins.${name}.${member}`,
    `javascript.builtins.Intl.${name}.${member}`,
    `api.${name}.${member}${isStatic ? '_static' : ''}`,
  ];
}

/** A class of Intl: an interface and a variable there. */
const isOfIntl = ({ declarations = [] }: ts.Symbol): boolean =>
  declarations.some(
    one => ts.isVariableDeclaration(one) && ts.findAncestor(one, ts.isModuleDeclaration)?.name.text === 'Intl',
  );

/** The class or variable of the library that a member is declared in. */
function ownerOf({ parent }: ts.Declaration): { name: string; isStatic: boolean } | undefined {
  if (ts.isInterfaceDeclaration(parent)) return { name: parent.name.text, isStatic: false };
  // `declare var URL: { parse(…): … }`
  if (ts.isTypeLiteralNode(parent) && ts.isVariableDeclaration(parent.parent))
    return { name: parent.parent.name.getText(), isStatic: true };
  return undefined;
}

function keysOfMember(member: ts.Symbol, receiver: ts.Type, program: ts.Program): string[] {
  const [declaration] = member.declarations ?? [];
  if (!declaration || !program.isSourceFileDefaultLibrary(declaration.getSourceFile())) return [];
  if (isOfIntl(member)) return [`javascript.builtins.Intl.${member.name}`];
  const owner = ownerOf(declaration);
  if (owner === undefined) return [];
  // What a mixin of the library declares is listed under each class that has it.
  const names = new Set([owner.name, receiver.getSymbol()?.name ?? owner.name]);
  return [...names].flatMap(name => keysOf(owner.isStatic ? `${name}Constructor` : name, member.name));
}

/** What the rule asks of a node (ESTree) and of the parser that gives it types. */
type Node = Rule.Node & { object?: Node; property?: Node; callee?: Node; optional?: boolean; name?: string };
type Typed = { program: ts.Program; esTreeNodeToTSNodeMap: { get(node: Rule.Node): ts.Node } };

/** `a?.b`, `a.b?.()`, and `a.b` in `a.b?.c`: what may be missing was thought of. */
function isLookedFor(node: Node): boolean {
  const parent = node.parent as Node;
  const continues = parent.callee === node || parent.object === node;
  return node.optional === true || (continues && parent.optional === true);
}

/**
 * ESLint rule: no function, class or member of the language or the platform that the oldest browsers of `browserslist` do not
 * have. Types tell which one is meant; what is reached or called by `?.` may be missing.
 * Its option lists keys of MDN's compatibility data, with all below them, that the code looks for in another way.
 */
export const newerApis: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [{ type: 'array', items: { type: 'string' } }],
    messages: { newer: '{{ key }} is not there in {{ browsers }} (browserslist).' },
  },
  create(context) {
    const { program, esTreeNodeToTSNodeMap } = context.sourceCode.parserServices as unknown as Typed;
    const checker = program.getTypeChecker();
    const served = oldestServed(context.cwd);
    const [allowed = []] = context.options as [string[]?];
    const isAllowed = (key: string) => allowed.some(one => key === one || key.startsWith(`${one}.`));
    const judge = (node: Rule.Node, keys: readonly string[]): void => {
      const key = keys.find(one => SINCE.has(one));
      const browsers = key === undefined || isAllowed(key) ? [] : (lacking(key, served) ?? []);
      if (key !== undefined && browsers.length > 0)
        context.report({ node, messageId: 'newer', data: { key, browsers: browsers.join(', ') } });
    };
    const named = ({ callee }: Node): void => {
      if (callee?.type !== 'Identifier') return;
      const declaration = checker.getSymbolAtLocation(esTreeNodeToTSNodeMap.get(callee))?.declarations?.[0];
      if (!declaration || !program.isSourceFileDefaultLibrary(declaration.getSourceFile())) return;
      judge(
        callee,
        ['javascript.builtins', 'api', 'api.Window'].map(owner => `${owner}.${callee.name ?? ''}`),
      );
    };
    const member = (node: Node): void => {
      if (!node.object || !node.property || isLookedFor(node)) return;
      const symbol = checker.getSymbolAtLocation(esTreeNodeToTSNodeMap.get(node.property));
      const receiver = checker.getTypeAtLocation(esTreeNodeToTSNodeMap.get(node.object));
      if (symbol) judge(node.property, keysOfMember(symbol, checker.getNonNullableType(receiver), program));
    };
    return {
      MemberExpression: node => member(node as Node),
      CallExpression: node => named(node as Node),
      NewExpression: node => named(node as Node),
    };
  },
};
