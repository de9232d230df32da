import { partsOf } from './join-chunks.ts';

describe('the parts of the built app', () => {
  const files = [
    { name: 'main-A.js', text: 'import"./chunk-shared.js";import("./chunk-door.js");import("./chunk-room.js")' },
    { name: 'chunk-door.js', text: 'selectors:[["parley-door"]];import"./chunk-shared.js"' },
    { name: 'chunk-room.js', text: 'selectors:[["parley-room"]];import"./chunk-shared.js";import"./chunk-own.js"' },
    { name: 'chunk-other.js', text: 'selectors:[["parley-other"]];import"./chunk-own.js"' },
    { name: 'chunk-own.js', text: 'import("./chunk-later.js")' },
    { name: 'chunk-shared.js', text: '' },
    { name: 'chunk-later.js', text: '' },
  ];

  it('have each script once, in the first part that imports it at once, and none that is loaded later', () => {
    const plan = { start: ['parley-door'], doors: [], parts: [['parley-room'], ['parley-other']] };
    expect([...partsOf(plan, 'main-A.js', files)]).toEqual([
      ['main-A.js', 0],
      ['chunk-shared.js', 0],
      ['chunk-door.js', 0],
      ['chunk-room.js', 1],
      ['chunk-own.js', 1],
      ['chunk-other.js', 2],
    ]);
  });

  it('leave alone what another door needs as well', () => {
    const plan = { start: ['parley-door'], doors: ['parley-other'], parts: [['parley-room']] };
    expect([...partsOf(plan, 'main-A.js', files).keys()]).toEqual([
      'main-A.js',
      'chunk-shared.js',
      'chunk-door.js',
      'chunk-room.js',
    ]);
  });

  it('are not made where a component has gone', () => {
    expect(() => partsOf({ start: ['parley-gone'], doors: [], parts: [] }, 'main-A.js', files)).toThrowError(
      /defines parley-gone/,
    );
  });
});
