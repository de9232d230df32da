import { inTwoSchemes } from './build-welcome.ts';

describe('The styles of the welcome page', () => {
  it('say in two lists what the tokens say with light-dark()', () => {
    const css =
      ':root { --a: light-dark(#fff, #000); --b: 0 1px light-dark(#1234, #4321), 0 2px light-dark(#11, #22); --c: 1px; }';
    expect(inTwoSchemes(css)).toBe(
      ':root { --a: #fff; --b: 0 1px #1234, 0 2px #11; --c: 1px; }\n' +
        '@media (prefers-color-scheme: dark) { :root { --a: #000; --b: 0 1px #4321, 0 2px #22; } }\n',
    );
  });
});
