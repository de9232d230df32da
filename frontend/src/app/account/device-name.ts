// The first that matches wins: Edge and Opera also say Chrome, Chrome also says Safari.
const BROWSERS: readonly [RegExp, string][] = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/(Firefox|FxiOS)\//, 'Firefox'],
  [/(Chrome|CriOS)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];

const MACHINES: readonly [RegExp, string][] = [
  [/iPad|Tablet|Android(?!.*Mobile)/, 'Tablet'],
  [/iPhone|Android|Mobile/, 'Phone'],
];

/**
 * What a device calls itself until somebody names it, e.g. "Phone, Chrome".
 * @param agent navigator.userAgent; nothing more is asked of the browser, because it is only a first guess
 */
export function deviceName(agent: string): string {
  const find = (table: readonly [RegExp, string][]) => table.find(([sign]) => sign.test(agent))?.[1];
  return `${find(MACHINES) ?? 'Computer'}, ${find(BROWSERS) ?? 'Browser'}`;
}
