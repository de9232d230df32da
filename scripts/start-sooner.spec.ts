import { relisted, withPreloads } from './start-sooner.ts';

describe('the first scripts', () => {
  const scripts = [
    {
      name: 'main-A.js',
      text: 'import{a}from"./chunk-B.js";import"./chunk-C.js";const later=()=>import("./chunk-D.js")',
    },
    { name: 'chunk-B.js', text: 'import{c}from"./chunk-C.js";export{c as a}' },
    { name: 'chunk-C.js', text: 'import{a}from"./chunk-B.js";export const c=1' },
    { name: 'chunk-D.js', text: '' },
  ];
  const page = '<head></head><body><script src="main-A.js" type="module"></script></body>';

  it('are all named in the page, and those for later are not', () => {
    const named = [...withPreloads(page, scripts).matchAll(/modulepreload" fetchpriority="low" href="([^"]+)"/g)];
    expect(named.map(([, name]) => name)).toEqual(['main-A.js', 'chunk-B.js', 'chunk-C.js']);
  });

  it('are looked for in a page that starts one', () => {
    expect(() => withPreloads('<head></head>', [])).toThrowError(/starts no script/);
  });
});

describe("the list of Angular's worker", () => {
  const old = '0'.repeat(40);
  const group = { name: 'app', urls: ['/chunk-A.js', '/icons/mark.svg', '/index.html'] };
  const hashTable = { '/chunk-A.js': old, '/icons/mark.svg': old, '/index.html': old };
  const list = (groups: object[]) => JSON.stringify({ timestamp: 1, assetGroups: groups, hashTable });

  it('names what has come in the place of what went, with the hashes of both and of what was changed', () => {
    const written = new Map([
      ['index.html', 'abc'],
      ['chunk-B.js', 'abc'],
    ]);
    // The SHA-1 of "abc" (FIPS 180-2, appendix A.1).
    const sha1 = 'a9993e364706816aba3e25717850c26c9cd0d89d';
    expect(JSON.parse(relisted(list([group]), new Set(['chunk-A.js']), written))).toEqual({
      timestamp: 1,
      assetGroups: [{ name: 'app', urls: ['/chunk-B.js', '/icons/mark.svg', '/index.html'] }],
      hashTable: { '/chunk-B.js': sha1, '/icons/mark.svg': old, '/index.html': sha1 },
    });
  });

  it('keeps a group of files that come later as it is', () => {
    const later = { name: 'libraries', urls: ['/media/a.wasm'] };
    const { assetGroups } = JSON.parse(relisted(list([group, later]), new Set(), new Map())) as {
      assetGroups: unknown[];
    };
    expect(assetGroups[1]).toEqual(later);
  });

  it('is not changed where it has another form than is known', () => {
    expect(() => relisted(list([]), new Set(), new Map())).toThrowError(/no group/);
  });
});
