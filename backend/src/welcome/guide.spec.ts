import { drawing, wrap } from './drawing.ts';
import { isTap, tapsOf, type Guide } from './guide.ts';
import { GUIDES } from './guides.ts';
import { SYSTEMS, type System } from './systems.ts';
import { LANGUAGES, type Words } from './words.ts';

const guides = Object.entries(GUIDES) as [System, Guide][];
const wordsOf = ({ steps, home }: Guide): Words[] => [
  ...steps.flatMap(({ title, path = [], sentence, beforehand, screen = [] }) => [
    title,
    ...path,
    ...(sentence === undefined ? [] : [sentence]),
    ...(beforehand === undefined ? [] : [beforehand]),
    ...screen.map(({ words }) => words),
  ]),
  home,
];

describe('The guide', () => {
  it('asks of each system for so many taps, and for at most three of ours', () => {
    const counted = Object.fromEntries(guides.map(([system, guide]) => [system, Object.values(tapsOf(guide))]));
    expect(counted).toEqual({
      ios: [14, 3],
      ipados: [14, 3],
      'android-chrome': [10, 3],
      'android-firefox': [10, 3],
      'macos-safari': [9, 3],
      'macos-chrome': [9, 3],
      'macos-firefox': [2, 3],
      'windows-chrome': [13, 3],
      'windows-firefox': [2, 3],
      'linux-chrome': [6, 3],
      'linux-firefox': [2, 3],
    });
  });

  for (const [system, guide] of guides) {
    it(`for ${system} begins with a file of ours, draws what is tapped, and ends with comparing and opening`, () => {
      const { steps } = guide;
      const [first, ...others] = steps.map(({ help }) => help);
      expect(['download', 'profile', 'import']).toContain(first!);
      expect(others.slice(-2)).toEqual(['compare', 'open']);
      expect(others.slice(0, -2).every(help => help === undefined)).toBe(true);
      for (const { help, screen = [] } of steps.slice(1, -2)) {
        expect(help).toBeUndefined();
        expect(screen.some(isTap)).toBe(true);
      }
    });

    it(`for ${system} says everything in both languages`, () => {
      for (const words of [...wordsOf(guide), SYSTEMS[system]])
        for (const language of LANGUAGES) expect(words[language].trim().length).toBeGreaterThan(1);
      expect(wordsOf(guide).some(({ en, de }) => en !== de)).toBe(true);
    });
  }

  it('says beforehand, at the step that causes it, what Android will say afterwards', () => {
    const beforehandOf = (system: System) =>
      GUIDES[system].steps.find(({ title }) => title.en === 'Install it')?.beforehand;
    expect(beforehandOf('android-chrome')?.en).toContain('Network may be monitored');
    expect(beforehandOf('android-firefox')?.de).toContain('Netzwerk wird möglicherweise überwacht');
  });

  it('leads to the home screen, on an iPhone before signing up', () => {
    expect(GUIDES.ios.home.en).toMatch(/Add to Home Screen.*sign up there/);
    expect(GUIDES['android-chrome'].home.en).toContain('Add to Home screen');
  });
});

describe('A drawing', () => {
  it('breaks long words of a system into lines', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('extraordinarily', 5)).toEqual(['extraordinarily']);
  });

  it('frames what is tapped, and says its lines to those who do not see it', () => {
    const { text } = drawing(GUIDES.ios.steps[0]!.screen!, ({ words }) => `<${words.en}>`);
    expect(text.match(/class="row tap"/g)?.length).toBe(2);
    expect(text.match(/class="row"/g)?.length).toBe(2);
    expect(text).toMatch(/role="img" aria-label="[^"]*&lt;Allow&gt;, /);
    expect(text).not.toContain('<Allow>');
  });
});
