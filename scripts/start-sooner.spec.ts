import { withHashes, withPreloads } from './start-sooner.ts';

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

describe("the list of Angular's worker", () => {
  it('has the hashes of what was changed after the build, and of the rest as before', () => {
    const old = '0'.repeat(40);
    const list = JSON.stringify({ hashTable: { '/index.html': old, '/icons/mark.svg': old } }, null, 2);
    const hashes = (JSON.parse(withHashes(list, new Map([['index.html', 'abc']]))) as { hashTable: object }).hashTable;
    // The SHA-1 of "abc" (FIPS 180-2, appendix A.1).
    expect(hashes).toEqual({ '/index.html': 'a9993e364706816aba3e25717850c26c9cd0d89d', '/icons/mark.svg': old });
    expect(() => withHashes(list, new Map([['main-A.js', '']]))).toThrowError(/does not name main-A/);
  });
});
