import { deviceOf } from './device-name';

const LIKE = 'Mozilla/5.0';
const AGENTS: readonly [agent: string, name: string][] = [
  [
    `${LIKE} (Linux; Android 15; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36`,
    'phone, Chrome',
  ],
  [
    `${LIKE} (Linux; Android 15; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36`,
    'tablet, Chrome',
  ],
  [
    `${LIKE} (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1 Version/19.0 Mobile/15E148 Safari/604.1`,
    'phone, Safari',
  ],
  [`${LIKE} (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0`, 'computer, Firefox'],
  [`${LIKE} (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0`, 'computer, Edge'],
  ['', 'computer, Browser'],
];

describe('the name of a device', () => {
  for (const [agent, name] of AGENTS) {
    it(`is "${name}" for ${agent || 'a browser that says nothing'}`, () => {
      const { machine, browser } = deviceOf(agent);
      expect(`${machine}, ${browser}`).toBe(name);
    });
  }
});
