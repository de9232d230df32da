import { type Built, downloadOf, tooLarge } from './check-download.ts';

const file = (name: string, text: string): Built => ({ name, text, transfer: 100 });

const app = [
  file('index.html', '<parley-root>'),
  file('styles-A.css', 'body{}'),
  file('main-B.js', 'import{a}from"./chunk-root.js";import("./chunk-later.js")'),
  file('chunk-root.js', 'selectors:[["parley-root"]];import"./chunk-shared.js"'),
  file('chunk-shared.js', 'import{b}from"./chunk-root.js";new Worker(new URL("worker-W.js",import.meta.url))'),
  file('worker-W.js', ''),
  file('chunk-later.js', 'selectors:[["parley-later"]]'),
  file('chunk-en.js', 'Enter your username and your password.'),
  file('chunk-de.js', 'Damit finden dich andere auf diesem Server.'),
  file('ngsw-worker.js', ''),
];

describe('What a screen downloads', () => {
  const names = (shows: string[]) => downloadOf(shows, app).map(({ name }) => name);

  it('is what is imported at once, its workers, one language, and nothing that comes later', () => {
    expect(names(['parley-root']).sort()).toEqual(
      [
        'chunk-en.js',
        'chunk-root.js',
        'chunk-shared.js',
        'index.html',
        'main-B.js',
        'styles-A.css',
        'worker-W.js',
      ].sort(),
    );
    expect(names(['parley-root', 'parley-later'])).toContain('chunk-later.js');
  });

  it('is not measured where a component has gone', () => {
    expect(() => names(['parley-gone'])).toThrowError(/defines parley-gone/);
  });

  it('is told where it is too large', () => {
    const screen = { name: 'the root', shows: ['parley-root'], most: 700 };
    expect(tooLarge([screen], app)).toEqual([]);
    expect(tooLarge([{ ...screen, most: 699 }], app)).toEqual([
      'the root costs 700 bytes after brotli, and may cost 699',
    ]);
  });
});
