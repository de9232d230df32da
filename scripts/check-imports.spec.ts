import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import rules from './import-rules.mjs';

describe('Who may import whom', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await realpath(await mkdtemp(join(tmpdir(), 'parley-imports-')));
  });
  afterEach(() => rm(directory, { recursive: true }));

  /** The rules that a tree breaks, of these files and of what they import. */
  async function broken(files: Record<string, string>): Promise<string[]> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    }
    const options = { ...rules.options, baseDir: directory, validate: true, ruleSet: { forbidden: rules.forbidden } };
    const { output } = await cruise(Object.keys(files), options);
    return (output as ICruiseResult).summary.violations.map(({ rule }) => rule.name);
  }
  const leaf = 'export const a = 1;';

  const refused: readonly [title: string, rule: string, files: Record<string, string>][] = [
    [
      'a lower room that imports a higher one',
      'chat imports from below it',
      { 'backend/src/chat/a.ts': `import { a } from '../http/a.ts';`, 'backend/src/http/a.ts': leaf },
    ],
    [
      'a neighbour',
      'http imports from below it',
      { 'backend/src/http/a.ts': `import { a } from '../signaling/a.ts';`, 'backend/src/signaling/a.ts': leaf },
    ],
    [
      'a type from above',
      'auth imports from below it',
      {
        'backend/src/auth/a.ts': `import type { A } from '../chat/a.ts';`,
        'backend/src/chat/a.ts': 'export type A = 1;',
      },
    ],
    [
      'an import at run time',
      'auth imports from below it',
      { 'backend/src/auth/a.ts': `const a = await import('../chat/a.ts');`, 'backend/src/chat/a.ts': leaf },
    ],
    [
      'what runs, of what only tests use',
      'what runs knows no tests',
      { 'backend/src/chat/a.ts': `import { a } from '../testing/a.ts';`, 'backend/src/testing/a.ts': leaf },
    ],
    [
      'a circle, of types too',
      'no circles',
      {
        'backend/src/chat/a.ts': `import type { B } from './b.ts';\nexport type A = B;`,
        'backend/src/chat/b.ts': `import type { A } from './a.ts';\nexport type B = A;`,
      },
    ],
    [
      'a decision that reads a room for itself',
      'a decision knows the contract, other decisions and what a store promises',
      { 'backend/src/contacts/pair.ts': `import { a } from '../auth/a.ts';`, 'backend/src/auth/a.ts': leaf },
    ],
    [
      'a room that an engine reads and that is no decision',
      'store imports from below it',
      {
        'backend/src/store/sqlite/a.ts': `import { a } from '../../contacts/a.ts';`,
        'backend/src/contacts/a.ts': leaf,
      },
    ],
    [
      'an engine that knows the other',
      'an engine does not know the other',
      {
        'backend/src/store/sqlite/a.ts': `import { a } from '../mongo/a.ts';`,
        'backend/src/store/mongo/a.ts': leaf,
      },
    ],
    [
      'a store that is picked outside main',
      'only main picks a store',
      { 'backend/src/server.ts': `import { a } from './store/sqlite/a.ts';`, 'backend/src/store/sqlite/a.ts': leaf },
    ],
    [
      'Node in the contract',
      'the contract knows nobody',
      { 'backend/protocol/a.ts': `import { readFile } from 'node:fs';` },
    ],
    [
      'Node in the app',
      'the app runs in a browser',
      { 'frontend/src/app/chat/a.ts': `import { readFile } from 'node:fs';` },
    ],
    [
      'the server in the app',
      'the app knows the server by the contract alone',
      { 'frontend/src/app/chat/a.ts': `import { a } from '../../../../backend/src/log';`, 'backend/src/log.ts': leaf },
    ],
    [
      'the app in the server',
      'the server does not know the app',
      { 'backend/src/http/a.ts': `import { a } from '../../../frontend/src/a.ts';`, 'frontend/src/a.ts': leaf },
    ],
    [
      'data that is decoded past the codec',
      'nothing else decodes what travels but what an older app has kept, and what comes through a call',
      {
        'frontend/src/app/chat/data.worker.ts': `import { a } from '../crypto/drawable';`,
        'frontend/src/app/crypto/drawable.ts': leaf,
      },
    ],
    [
      'the half of the codec for the data worker on the page',
      'the data worker opens entries as the codec does',
      {
        'frontend/src/app/chat/notices.ts': `import { a } from '../crypto/opening';`,
        'frontend/src/app/crypto/opening.ts': leaf,
      },
    ],
    [
      'the link of a call in what is loaded first',
      'the parts of a call are loaded behind the shell',
      {
        'frontend/src/app/shell.routes.ts': `import { a } from './call/call-link';`,
        'frontend/src/app/call/call-link.ts': leaf,
      },
    ],
    [
      'a feature that imports a higher one',
      'contacts imports from below it',
      { 'frontend/src/app/contacts/a.ts': `import { a } from '../call/a';`, 'frontend/src/app/call/a.ts': leaf },
    ],
    [
      'the contract by its path',
      'the contract is imported by its alias',
      { 'backend/src/http/a.ts': `import { a } from '../../protocol/a.ts';`, 'backend/protocol/a.ts': leaf },
    ],
    [
      'a room that has no place',
      'every room has its place',
      { 'backend/src/attic/a.ts': `import { a } from '../log.ts';`, 'backend/src/log.ts': leaf },
    ],
    [
      'a name that says nothing',
      'a name says what a file does',
      { 'backend/src/chat/a.ts': `import { a } from './chat-utils.ts';`, 'backend/src/chat/chat-utils.ts': leaf },
    ],
    [
      'a package that is not there',
      'every import is found',
      { 'backend/src/chat/a.ts': `import 'nothing-of-the-kind';` },
    ],
  ];
  for (const [title, rule, files] of refused)
    it(`refuses ${title}`, async () => expect(await broken(files)).toContain(rule));

  const allowed: readonly [title: string, files: Record<string, string>][] = [
    ['a room below', { 'backend/src/http/a.ts': `import { a } from '../chat/a.ts';`, 'backend/src/chat/a.ts': leaf }],
    ['its own room', { 'backend/src/chat/a.ts': `import { a } from './b.ts';`, 'backend/src/chat/b.ts': leaf }],
    [
      'main that picks the store',
      { 'backend/src/main.ts': `import { a } from './store/sqlite/a.ts';`, 'backend/src/store/sqlite/a.ts': leaf },
    ],
    [
      'an engine that decides by a function of a room',
      {
        'backend/src/store/sqlite/a.ts': `import { a } from '../../contacts/pair.ts';`,
        'backend/src/contacts/pair.ts': leaf,
      },
    ],
    [
      'the type of the link of a call in what is loaded first',
      {
        'frontend/src/app/shell.routes.ts': `import type { A } from './call/call-link';`,
        'frontend/src/app/call/call-link.ts': 'export type A = 1;',
      },
    ],
    [
      'a spec that starts the server',
      { 'backend/src/chat/a.spec.ts': `import { a } from '../main.ts';`, 'backend/src/main.ts': leaf },
    ],
  ];
  for (const [title, files] of allowed) it(`allows ${title}`, async () => expect(await broken(files)).toEqual([]));
});
