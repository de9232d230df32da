import { type BrowserFacts, wayToInstall } from './ways-to-install';

describe('the way to install', () => {
  const SAFARI = 'AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/604.1';
  const browser = (userAgent: string, more: Partial<BrowserFacts> = {}): BrowserFacts => ({
    standalone: false,
    offered: false,
    touchPoints: 0,
    userAgent,
    ...more,
  });

  it('is none in an installed app, wherever it runs', () => {
    expect(wayToInstall(browser('iPhone', { standalone: true, offered: true }))).toBe('installed');
  });

  it('is our button where the browser offers it', () => {
    expect(wayToInstall(browser('Mozilla/5.0 (X11; Linux x86_64) Chrome/140', { offered: true }))).toBe('button');
  });

  it('is the guide on an iPhone, and on an iPad, which says it is a Macintosh', () => {
    expect(wayToInstall(browser(`Mozilla/5.0 (iPhone; CPU iPhone OS 18_4 like Mac OS X) ${SAFARI}`))).toBe('ios');
    const mac = `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${SAFARI}`;
    expect(wayToInstall(browser(mac, { touchPoints: 5 }))).toBe('ios');
    expect(wayToInstall(browser(mac))).toBe('menu');
  });
});
