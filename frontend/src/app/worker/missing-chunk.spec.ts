import { cureFor, entryOf, isMissingChunk, type Missing } from './missing-chunk';

describe('a missing part of the app', () => {
  it('is known by the words of each browser, however deep', () => {
    for (const words of [
      'Failed to fetch dynamically imported module: https://parley.local/chunk-AB12.js',
      'error loading dynamically imported module: https://parley.local/chunk-AB12.js',
      'Importing a module script failed.',
      'NG0750',
    ]) {
      expect(isMissingChunk(new TypeError(words)))
        .withContext(words)
        .toBeTrue();
      expect(isMissingChunk(new Error('a page', { cause: new TypeError(words) }))).toBeTrue();
      expect(isMissingChunk(Object.assign(new Error('Uncaught'), { rejection: new TypeError(words) }))).toBeTrue();
    }
    const turning = new Error('turns in a circle');
    turning.cause = turning;
    for (const other of [new TypeError('Failed to fetch'), 'text', undefined, turning])
      expect(isMissingChunk(other)).toBeFalse();
  });

  const missing = (more: Partial<Missing>): Missing => ({
    own: 'main-A.js',
    served: 'main-B.js',
    tried: null,
    held: false,
    ...more,
  });

  it('is cured by a reload where the server has another app, once', () => {
    expect(cureFor(missing({}))).toBe('reload');
    expect(cureFor(missing({ tried: 'main-A.js' }))).toBe('reload');
    expect(cureFor(missing({ tried: 'main-B.js' }))).toBe('retry');
  });

  it('waits for the end of a call', () => expect(cureFor(missing({ held: true }))).toBe('later'));

  it('is no reason to reload where that would change nothing, or lose the page', () => {
    expect(cureFor(missing({ served: 'main-A.js' }))).toBe('retry');
    expect(cureFor(missing({ served: undefined }))).toBe('retry');
  });

  it('belongs to an app that is known by the script it starts with', () => {
    const page = '<link rel="modulepreload" href="chunk-X.js"><script src="main-A.js" type="module"></script>';
    expect(entryOf(new DOMParser().parseFromString(page, 'text/html'))).toBe('main-A.js');
    expect(entryOf(new DOMParser().parseFromString('<p>Not found</p>', 'text/html'))).toBeUndefined();
  });
});
