import { layerViolations } from './check-layers.ts';
import { readSources } from './source-files.ts';

const violations = (path: string, text: string) => layerViolations([{ path, text }]);

describe('Who may import whom', () => {
  const refused: readonly [title: string, path: string, text: string, part: string][] = [
    [
      'a lower room reaching up',
      'backend/src/chat/posts.ts',
      `import { a } from '../http/app.ts';`,
      'does not stand above http',
    ],
    [
      'neighbours',
      'backend/src/http/app.ts',
      `import { a } from '../signaling/gateway.ts';`,
      'does not stand above signaling',
    ],
    [
      'a type from above',
      'backend/src/auth/tokens.ts',
      `import type { A } from '../chat/a.ts';`,
      'does not stand above chat',
    ],
    ['a passed-on name', 'backend/src/auth/tokens.ts', `const a = 1;\nexport { b } from '../chat/a.ts';`, 'above chat'],
    ['an import at run time', 'backend/src/auth/tokens.ts', `const a = await import('../chat/a.ts');`, 'above chat'],
    [
      'an unknown room',
      'backend/src/attic/a.ts',
      `import { a } from '../log.ts';`,
      'attic, which check-layers.ts does not know',
    ],
    [
      'a store picked outside main',
      'backend/src/server.ts',
      `import { a } from './store/sqlite-store.ts';`,
      'only main picks',
    ],
    [
      'ws outside the gateway',
      'backend/src/signaling/sessions.ts',
      `import { WebSocket } from 'ws';`,
      'not its business',
    ],
    ['all of zod', 'backend/protocol/a.ts', `import { z } from 'zod';`, 'imports zod'],
    ['Node in the contract', 'backend/protocol/a.ts', `import { a } from 'node:fs';`, 'across a wall'],
    ['the server in the contract', 'backend/protocol/a.ts', `import { a } from '../src/log.ts';`, 'across a wall'],
    [
      'the server in the app',
      'frontend/src/app/chat/a.ts',
      `import { a } from '../../../../backend/src/log';`,
      'across a wall',
    ],
    [
      'the server in a spec of the app',
      'frontend/src/app/a.spec.ts',
      `import { a } from '../../../backend/src/log';`,
      'wall',
    ],
    [
      'the app in the server',
      'backend/src/http/app.ts',
      `import { a } from '../../../frontend/src/a.ts';`,
      'across a wall',
    ],
    ['Node in the app', 'frontend/src/app/chat/a.ts', `import { a } from 'node:fs';`, 'across a wall'],
    ['a feature reaching up', 'frontend/src/app/contacts/avatar.ts', `import { a } from '../call/call';`, 'above call'],
    ['the shell in a feature', 'frontend/src/app/call/voice.ts', `import { a } from '../app';`, 'above app'],
    [
      'Angular in the peer connection',
      'frontend/src/app/call/webrtc.ts',
      `import { signal } from '@angular/core';`,
      'wall',
    ],
    [
      'Angular in the backoff',
      'frontend/src/app/signaling/backoff.ts',
      `import { signal } from '@angular/core';`,
      'wall',
    ],
    ['the contract by its path', 'backend/src/http/app.ts', `import { a } from '../../protocol/ids.ts';`, '#protocol/'],
    [
      'a server file without its ending',
      'backend/src/http/app.ts',
      `import { a } from '../auth/tokens';`,
      'without its ending',
    ],
    ['an app file with its ending', 'frontend/src/app/chat/a.ts', `import { a } from './b.ts';`, 'with its ending'],
    ['the environment', 'backend/src/http/app.ts', `const a = process.env['A'];`, 'only config.ts'],
    ['the environment by import', 'backend/src/http/app.ts', `import { env } from 'node:process';`, 'only config.ts'],
    ['a barrel', 'backend/src/chat/all.ts', `export { a } from './a.ts';\nexport * from './b.ts';`, 'barrel'],
    ['a default export', 'backend/src/chat/a.ts', `export default function a() {}`, 'default export'],
    ['a default value', 'backend/src/chat/a.ts', `const a = 1;\nexport default a;`, 'default export'],
    ['an empty name', 'backend/src/chat/utils.ts', `export const a = 1;`, 'does not say'],
    ['an empty folder name', 'frontend/src/app/shared/a.ts', `export const a = 1;`, 'does not say'],
    ['a service', 'frontend/src/app/chat/chat.service.ts', `export const a = 1;`, 'does not say'],
  ];
  for (const [title, path, text, part] of refused) {
    it(`refuses ${title}`, () => {
      const found = violations(path, text);
      expect(found.some(line => line.startsWith(path) && line.includes(part)))
        .withContext(found.join('\n') || 'nothing found')
        .toBe(true);
    });
  }

  const allowed: readonly [title: string, path: string, text: string][] = [
    ['a room below', 'backend/src/http/app.ts', `import { a } from '../chat/a.ts';`],
    ['its own room', 'backend/src/chat/a.ts', `import { b } from './b.ts';`],
    ['main picking the store', 'backend/src/main.ts', `import { a } from './store/sqlite-store.ts';`],
    ['the gateway with ws', 'backend/src/signaling/gateway.ts', `import { WebSocketServer } from 'ws';`],
    ['a client of specs with ws', 'backend/src/testing/test-client.ts', `import { WebSocket } from 'ws';`],
    ['a spec starting the server', 'backend/src/chat/a.spec.ts', `import { a } from '../main.ts';`],
    ['zod/mini in the contract', 'backend/protocol/a.ts', `import * as z from 'zod/mini';`],
    ['the contract everywhere', 'frontend/src/app/call/webrtc.ts', `import { a } from '#protocol/ids';`],
    ['config reading the environment', 'backend/src/config.ts', `export const a = process.env;`],
    [
      'a comment about it',
      'backend/src/log.ts',
      `/** Not process.env; import { a } from 'ws'. */\nexport const a = 1;`,
    ],
  ];
  for (const [title, path, text] of allowed) {
    it(`allows ${title}`, () => expect(violations(path, text)).toEqual([]));
  }

  it('sees the files of the house', () => {
    expect(readSources().map(file => file.path)).toContain('scripts/check-layers.spec.ts');
  });
});
