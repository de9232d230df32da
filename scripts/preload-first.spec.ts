import { withPreloads } from './preload-first.ts';

describe('the first scripts', () => {
  const scripts: Record<string, string> = {
    'main-A.js': 'import{a}from"./chunk-B.js";import"./chunk-C.js";const later=()=>import("./chunk-D.js")',
    'chunk-B.js': 'import{c}from"./chunk-C.js";export{c as a}',
    'chunk-C.js': 'import{a}from"./chunk-B.js";export const c=1',
  };
  const page = '<head></head><body><script src="main-A.js" type="module"></script></body>';

  it('are all named in the page, and those for later are not', () => {
    const named = [
      ...withPreloads(page, name => scripts[name] ?? '').matchAll(/modulepreload" fetchpriority="low" href="([^"]+)"/g),
    ];
    expect(named.map(([, name]) => name)).toEqual(['main-A.js', 'chunk-B.js', 'chunk-C.js']);
  });

  it('are looked for in a page that starts one', () => {
    expect(() => withPreloads('<head></head>', () => '')).toThrowError(/starts no script/);
  });
});
