import { compareVersions, isInRange } from './version-range.mjs';

describe('A range of versions', () => {
  const cases: [version: string, range: string, isIn: boolean][] = [
    ['24.22.1', '^24.22.1 || ^26.12.1 || >=27.0.0', true],
    ['24.22.3', '^24.22.1 || ^26.12.1 || >=27.0.0', true],
    ['24.22.0', '^24.22.1 || ^26.12.1 || >=27.0.0', false],
    ['24.16.0', '^24.22.1 || ^26.12.1 || >=27.0.0', false],
    ['25.9.0', '^24.22.1 || ^26.12.1 || >=27.0.0', false],
    ['26.10.0', '^24.22.1 || ^26.12.1 || >=27.0.0', false],
    ['26.12.1', '^24.22.1 || ^26.12.1 || >=27.0.0', true],
    ['28.0.0', '^24.22.1 || ^26.12.1 || >=27.0.0', true],
    ['8.9.0', '>=8.0.0 <8.10.0', true],
    ['8.10.0', '>=8.0.0 <8.10.0', false],
    ['7.9.0', '>=8.0.0 <8.10.0', false],
    ['4.0.0', '<3.2.3 || =4.0.0', true],
    ['4.0.1', '<3.2.3 || =4.0.0', false],
    ['1.15.11', '<=1.15.11', true],
    ['2.0.0-alpha.3', '<2.0.0', true],
    ['2.0.0', '>2.0.0-alpha.3', true],
  ];
  for (const [version, range, isIn] of cases) {
    it(`${isIn ? 'holds' : 'does not hold'} ${version}, as ${range}`, () => {
      expect(isInRange(version, range)).toBe(isIn);
    });
  }

  it('orders by numbers, not by letters', () => {
    expect(['8.10.0', '8.9.1', '10.0.0', '8.9.1-rc.1'].sort(compareVersions)).toEqual([
      '8.9.1-rc.1',
      '8.9.1',
      '8.10.0',
      '10.0.0',
    ]);
  });

  it('is refused where it is not understood', () => {
    for (const range of ['24', '~24.1.0', '24.x', '', '>=24'])
      expect(() => isInRange('24.22.1', range)).toThrowError(/is no (range|version)/);
    expect(() => isInRange('latest', '>=1.0.0')).toThrowError(/is no version/);
  });
});
