import { ESLint } from 'eslint';
import { lacking, newerKeys, oldestServed } from './newer-apis.ts';

const ROOT = new URL('..', import.meta.url).pathname;

describe('the browsers that are served', () => {
  const served = oldestServed(ROOT);

  it('are those of package.json', () => {
    expect(served).toEqual(jasmine.objectContaining({ chrome: '119', firefox: '119' }));
    expect(served['safari_ios']).toMatch(/^17\./);
  });

  it('have what is older than they are, and lack what is newer', () => {
    expect(lacking('javascript.builtins.Array.at', served)).toEqual([]);
    expect(lacking('api.URL.parse_static', served)).toContain('chrome 119');
    expect(lacking('javascript.builtins.Intl.Segmenter', served)).toEqual(['firefox 119']);
    expect(lacking('api.Nothing', served)).toBeUndefined();
    // 16.4 is before 16.10, and 17 is 17.0.
    expect(lacking('javascript.builtins.Map.groupBy', { safari: '17.10', firefox: '119', chrome: '117.0' })).toEqual(
      [],
    );
    expect(newerKeys(served)).toContain('javascript.builtins.Promise.withResolvers');
  });
});

describe('the rule of newer APIs', () => {
  it('finds what the oldest browser does not have, by its type', async () => {
    const lint = new ESLint({ cwd: ROOT, ruleFilter: ({ ruleId }) => ruleId === 'parley/newer-apis' });
    const found = async (code: string): Promise<string[]> => {
      const [result] = await lint.lintText(code, { filePath: 'frontend/src/main.ts' });
      return result!.messages.map(({ message }) => message.split(' ', 1)[0]!);
    };
    const newer: [code: string, key: string][] = [
      ["URL.parse('')", 'api.URL.parse_static'],
      ["URL.canParse('')", 'api.URL.canParse_static'],
      ['Map.groupBy([1], one => one)', 'javascript.builtins.Map.groupBy'],
      ['Object.groupBy([1], one => one)', 'javascript.builtins.Object.groupBy'],
      ['Promise.withResolvers()', 'javascript.builtins.Promise.withResolvers'],
      ['AbortSignal.any([])', 'api.AbortSignal.any_static'],
      ['new Intl.Segmenter()', 'javascript.builtins.Intl.Segmenter'],
      ['document.body.checkVisibility()', 'api.Element.checkVisibility'],
    ];
    for (const [code, key] of newer)
      expect(await found(`void ${code};`))
        .withContext(code)
        .toEqual([key]);
    for (const code of [
      "URL.parse?.('')",
      '[1].at(-1)',
      "'a'.isWellFormed()",
      'structuredClone(1)',
      "new URL('http://a')",
      '({ groupBy: 1 }).groupBy',
    ])
      expect(await found(`void ${code};`))
        .withContext(code)
        .toEqual([]);
  });
});
