import { rolldown } from 'rolldown';
import { type BuiltFile, definingScripts, withImports } from './built-app.ts';

/** Which components (by selector) are opened together. */
export interface Plan {
  /** The first page of who is not signed in: a script, with the entry. */
  readonly start: readonly string[];
  /** Other pages of who is not signed in: what they share with `parts` stays by itself, because they need nothing else of it. */
  readonly doors: readonly string[];
  /** In the order in which a person comes to them: a script each. */
  readonly parts: readonly (readonly string[])[];
}

const PLAN: Plan = {
  start: ['parley-root', 'parley-sign-in-page'],
  doors: ['parley-sign-up-page', 'parley-claim-page', 'parley-reset-page'],
  parts: [['parley-shell', 'parley-chat-page'], ['parley-call-overlay'], ['parley-conversation-page']],
};

/**
 * Which scripts become one: what a part imports at once, and none before it has. So no two of them import each other.
 * @param entry the script by which the page starts the app
 * @returns the number of its part by the name of a script
 */
export function partsOf(plan: Plan, entry: string, files: readonly BuiltFile[]): Map<string, number> {
  const neededBy = (shows: readonly string[]): string[] =>
    withImports(definingScripts(shows, files), files).map(({ name }) => name);
  const start = files.filter(({ name }) => name === entry);
  const first = [...withImports(start, files).map(({ name }) => name), ...neededBy(plan.start)];
  const alone = new Set(neededBy(plan.doors).filter(name => !first.includes(name)));
  const numbers = new Map<string, number>();
  for (const [number, names] of [first, ...plan.parts.map(neededBy)].entries()) {
    for (const name of names) if (!numbers.has(name) && !alone.has(name)) numbers.set(name, number);
  }
  return numbers;
}

/** Scripts that take the places of others. */
interface Joined {
  readonly entry: string;
  /** The names of those that are no longer used. */
  readonly gone: ReadonlySet<string>;
  /** By name. */
  readonly scripts: ReadonlyMap<string, string>;
}

/**
 * Joins the scripts of each part: the builder makes a file of all that two rooms share, however small, and brotli finds
 * nothing in small files. Names that were exported from one to the other are shortened on the way.
 * @param entry the script by which the page starts the app
 */
export async function joinChunks(files: readonly BuiltFile[], entry: string): Promise<Joined> {
  const texts = new Map(files.map(({ name, text }) => [name, text]));
  const parts = partsOf(PLAN, entry, files);
  const gone = new Set<string>();
  const bundle = await rolldown({
    input: entry,
    preserveEntrySignatures: 'allow-extension',
    plugins: [
      {
        name: 'built app',
        resolveId: source => {
          const name = source.replace(/^\.\//, '');
          return texts.has(name) ? name : { id: source, external: true };
        },
        load: name => {
          gone.add(name);
          return { code: texts.get(name) ?? '', map: null };
        },
      },
    ],
  });
  const { output } = await bundle.generate({
    minify: { mangle: true, compress: { target: 'es2022' } },
    entryFileNames: 'main-[hash].js',
    chunkFileNames: 'chunk-[hash].js',
    codeSplitting: {
      groups: [
        {
          name: id => (parts.has(id) ? `part-${parts.get(id)}` : null),
          debugName: 'parts',
          // A part has all that it imports, or an earlier one has it.
          includeDependenciesRecursively: false,
        },
      ],
    },
  });
  await bundle.close();
  const chunks = output.filter(one => one.type === 'chunk');
  const main = chunks.find(({ isEntry }) => isEntry);
  if (!main) throw new Error(`nothing has come of ${entry}`);
  return { entry: main.fileName, gone, scripts: new Map(chunks.map(({ fileName, code }) => [fileName, code])) };
}
