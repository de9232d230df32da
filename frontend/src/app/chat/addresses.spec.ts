import { addressesIn } from './addresses';

const written = (text: string) => addressesIn(text).map(({ from, to }) => text.slice(from, to));
const hrefs = (text: string) => addressesIn(text).map(({ href }) => href);
const shown = (text: string) => addressesIn(text).map(one => one.shown);

describe('where an address ends', () => {
  const cases: [text: string, ...addresses: string[]][] = [
    ['See https://parley.local/join.', 'https://parley.local/join'],
    ['(http://a.example/b) and https://en.example/wiki/A_(b)!', 'http://a.example/b', 'https://en.example/wiki/A_(b)'],
    ['(https://host.example/a_(b))', 'https://host.example/a_(b)'],
    ['((https://host.example/a))', 'https://host.example/a'],
    ['[https://host.example/a[1]]', 'https://host.example/a[1]'],
    ['[a](https://host.example/a)(https://host.example/b)', 'https://host.example/a', 'https://host.example/b'],
    ['https://host.example/a_(b', 'https://host.example/a_(b'],
    ['https://host.example/a (', 'https://host.example/a'],
    ["https://host.example/Rubik's_Cube", "https://host.example/Rubik's_Cube"],
    ['https://host.example/Rubik’s_Cube', 'https://host.example/Rubik’s_Cube'],
    ["'https://host.example/a'", 'https://host.example/a'],
    ['‘https://host.example/a’', 'https://host.example/a'],
    ['“https://host.example/a”and', 'https://host.example/a'],
    ['„https://host.example/a“', 'https://host.example/a'],
    ['"https://host.example/a"', 'https://host.example/a'],
    ['<https://host.example/a>', 'https://host.example/a'],
    ['`https://host.example/a`', 'https://host.example/a'],
    ['*https://host.example/a*', 'https://host.example/a'],
    ['**https://host.example/a**.', 'https://host.example/a'],
    ['_https://host.example/a_b_', 'https://host.example/a_b'],
    ['~https://host.example/~ada~', 'https://host.example/~ada'],
    ['https://host.example/~ada_', 'https://host.example/~ada_'],
    ['https://host.example/*', 'https://host.example/*'],
    ['https://host.example/a, https://host.example/b; and?', 'https://host.example/a', 'https://host.example/b'],
    ['https://host.example/?q=a,b;c#d!e…', 'https://host.example/?q=a,b;c#d!e'],
    ['https://host.example/a/', 'https://host.example/a/'],
    ['看https://host.example/路径，很好。', 'https://host.example/路径'],
    ['「https://host.example/a」', 'https://host.example/a'],
    ['https://host.exampleに行く', 'https://host.example'],
    ['https://ja.host.example/wiki/日本々', 'https://ja.host.example/wiki/日本々'],
    ['HTTPS://HOST.EXAMPLE/A', 'HTTPS://HOST.EXAMPLE/A'],
    [
      'http://192.168.1.4:8080/a http://[::1]:8080/b http://localhost',
      'http://192.168.1.4:8080/a',
      'http://[::1]:8080/b',
      'http://localhost',
    ],
    ['https://host.example/a\u202egpj.exe', 'https://host.example/a'],
    ['https://host.example/a\u00adb\u200bc', 'https://host.example/a'],
    ['www.host.example/a, (www.host.example)', 'www.host.example/a', 'www.host.example'],
    ['Mail ada.b+c@host.example.', 'ada.b+c@host.example'],
    [
      '(ada@host.example), mailto:bob@host.example; 送ada@host.exampleに',
      'ada@host.example',
      'mailto:bob@host.example',
      'ada@host.example',
    ],
    ['ada@büro.example', 'ada@büro.example'],
  ];
  for (const [text, ...addresses] of cases) it(text, () => expect(written(text)).toEqual(addresses));
});

describe('an address', () => {
  it('is http, https, what begins with www, or a mail address, and nothing else', () => {
    for (const text of [
      'javascript:alert(1)',
      'data:text/html,x',
      'ftp://a.b',
      'file.txt',
      'host.example',
      'https://',
      'http:// a',
      'www.',
      'www.a',
      'wwww.host.example',
      'xhttps://host.example',
      'ada@host',
      '@ada',
      'sip:ada@host.example',
      'éada@host.example',
      'ssh://git@host.example',
    ])
      expect(written(text)).withContext(text).toEqual([]);
  });

  it('with a name before its host is none', () => {
    for (const text of [
      'https://bank.example@evil.example',
      'https://a:b@evil.example/',
      'www.bank.example@evil.example',
    ])
      expect(hrefs(text)).withContext(text).toEqual([]);
  });

  it('leads to https where it has no scheme, and to a mail without a subject', () => {
    expect(hrefs('www.host.example/a?b')).toEqual(['https://www.host.example/a?b']);
    expect(hrefs('ada@host.example mailto:a&b?c@host.example')).toEqual([
      'mailto:ada@host.example',
      'mailto:a%26b%3Fc@host.example',
    ]);
    expect(hrefs('ada@büro.example')).toEqual(['mailto:ada@xn--bro-hoa.example']);
  });

  it('shows its host as it is opened where scripts are mixed or a letter means another', () => {
    expect(shown('https://аррӏе.com/login')).toEqual(['https://xn--80ak6aa92e.com/login']);
    expect(shown('https://pаypal.example:8443/a')).toEqual(['https://xn--pypal-4ve.example:8443/a']);
    expect(shown('https://ｅｘａｍｐｌｅ.com')).toEqual(['https://example.com']);
    expect(shown('https://good.example\\@evil.example')).toEqual(['https://good.example\\@evil.example']);
    expect(shown('http://0x7f.1/a http://2130706433')).toEqual(['http://127.0.0.1/a', 'http://127.0.0.1']);
    expect(shown('https://ex%61mple.com')).toEqual(['https://example.com']);
    expect(shown('https://ɡoogle.com')[0]).toContain('xn--');
    expect(shown('ada@аррӏе.com')).toEqual(['ada@xn--80ak6aa92e.com']);
  });

  it('shows its host as it was written where it is of one script', () => {
    for (const text of [
      'https://bücher.example/ä',
      'https://президент.рф/',
      'https://例え.example',
      'https://موقع.مصر',
      'https://Host.Example/a',
    ])
      expect(shown(text)).toEqual([text]);
  });

  it('is found in one reading of texts made to be slow', () => {
    // Four times the longest message: reading such a text again and again takes ten seconds and more, reading it once far below one.
    const size = 64_000;
    const texts = [
      'https://a.example/'.padEnd(size, '.)'),
      'https://a)'.repeat(size / 10),
      'a_'.repeat(size / 2),
      'a@'.repeat(size / 2),
      `a@${'a-'.repeat(size / 2)}`,
      `a@${'a.'.repeat(size / 2)}`,
      'www.'.repeat(size / 4),
      '('.repeat(size),
      `https://${'('.repeat(size)}`,
      'mailto:'.repeat(size / 7),
      `https://${'a.'.repeat(size / 2)}`,
    ];
    for (const text of texts) {
      const before = performance.now();
      addressesIn(text);
      expect(performance.now() - before)
        .withContext(text.slice(0, 20))
        .toBeLessThan(4_000);
    }
  });
});
