import { chooseSystem, needsSafari, type System } from './systems.ts';
import { chooseLanguage } from './words.ts';

const webkit = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';
const blink = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0';
const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)';
const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64';

/** User agents as browsers send them. */
const agents: readonly [string, System][] = [
  [`Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) ${webkit} Version/18.5 Mobile/15E148 Safari/604.1`, 'ios'],
  [`Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) ${webkit} CriOS/142.0 Mobile/15E148 Safari/604.1`, 'ios'],
  [`Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) ${webkit} Version/12.1.2 Mobile/15E148 Safari/604.1`, 'ipados'],
  [`Mozilla/5.0 (Linux; Android 10; K) ${blink} Mobile Safari/537.36`, 'android-chrome'],
  [`Mozilla/5.0 (Linux; Android 10; K) ${blink} SamsungBrowser/29.0 Mobile Safari/537.36`, 'android-chrome'],
  ['Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0', 'android-firefox'],
  [`${mac} ${webkit} Version/18.5 Safari/605.1.15`, 'macos-safari'],
  [`${mac} ${blink} Safari/537.36`, 'macos-chrome'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0', 'macos-firefox'],
  [`${windows}) ${blink} Safari/537.36`, 'windows-chrome'],
  [`${windows}) ${blink} Safari/537.36 Edg/142.0.0.0`, 'windows-chrome'],
  [`${windows}; rv:145.0) Gecko/20100101 Firefox/145.0`, 'windows-firefox'],
  [`Mozilla/5.0 (X11; Linux x86_64) ${blink} Safari/537.36`, 'linux-chrome'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'linux-firefox'],
  ['curl/8', 'linux-chrome'],
];

describe('The system', () => {
  for (const [agent, system] of agents) {
    it(`${system} is known by ${agent}`, () => expect(chooseSystem(null, agent)).toBe(system));
  }

  it('can be chosen by a person, among those there are', () => {
    expect(chooseSystem('ipados', agents[0]![0])).toBe('ipados');
    expect(chooseSystem('toString', agents[0]![0])).toBe('ios');
    expect(chooseSystem('<script>', undefined)).toBe('linux-chrome');
  });

  it('lets only Safari install a profile', () => {
    expect(needsSafari(agents[0]![0])).toBe(false);
    expect(needsSafari(agents[1]![0])).toBe(true);
    expect(needsSafari(agents[3]![0])).toBe(false);
  });
});

describe('The language', () => {
  it('is the one asked for, then the one the browser likes best, then English', () => {
    expect(chooseLanguage('de', 'en')).toBe('de');
    expect(chooseLanguage(null, 'fr, de-AT;q=0.8, en;q=0.5')).toBe('de');
    expect(chooseLanguage(null, 'de;q=0.2, en-GB')).toBe('en');
    expect(chooseLanguage(null, 'de;q=0, fr')).toBe('en');
    expect(chooseLanguage('xx', undefined)).toBe('en');
    expect(chooseLanguage(null, 'de,'.repeat(100_000))).toBe('de');
  });
});
