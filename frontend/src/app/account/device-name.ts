// The first that matches wins: Edge and Opera also say Chrome, Chrome also says Safari.
const BROWSERS: readonly [RegExp, string][] = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/(Firefox|FxiOS)\//, 'Firefox'],
  [/(Chrome|CriOS)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];

export type Machine = 'phone' | 'tablet' | 'computer';

const MACHINES: readonly [RegExp, Machine][] = [
  [/iPad|Tablet|Android(?!.*Mobile)/, 'tablet'],
  [/iPhone|Android|Mobile/, 'phone'],
];

/**
 * What a device is called until somebody names it: its kind and its browser.
 * @param agent navigator.userAgent; nothing more is asked of the browser, because it is only a first guess
 */
export function deviceOf(agent: string): { machine: Machine; browser: string } {
  const find = <T>(table: readonly [RegExp, T][]) => table.find(([sign]) => sign.test(agent))?.[1];
  return { machine: find(MACHINES) ?? 'computer', browser: find(BROWSERS) ?? 'Browser' };
}
