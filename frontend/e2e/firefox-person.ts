import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { whereIs } from '../../scripts/tools.mjs';
import { PASSWORD, type Somebody } from './person.ts';
import { until } from './until.ts';

/** Devices that are granted without a question, and sound that plays without a gesture. */
const PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
};

/** A profile's folder that is kept, and preferences of a suite's own. */
export interface FirefoxOptions {
  readonly profile?: string;
  readonly preferences?: Record<string, unknown>;
}

/** What arrives in a call, as Firefox tells it. */
export interface ArrivingInFirefox {
  readonly frames: number;
  readonly energy: number;
}

/** Somebody at stock Firefox, who finds things by the names a screen reader says. */
export class FirefoxPerson {
  readonly name: string;
  readonly username: string;
  readonly page: Page;
  private readonly browser: Browser;
  private readonly origin: string;

  private constructor(name: string, browser: Browser, page: Page, origin: string) {
    this.name = name;
    this.username = name.toLowerCase().replace(/[^a-z]/g, '_');
    this.browser = browser;
    this.page = page;
    this.origin = origin;
  }

  static async at(
    origin: string,
    name: string,
    { profile, preferences = {} }: FirefoxOptions = {},
  ): Promise<FirefoxPerson> {
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: whereIs('firefox') ?? '',
      headless: true,
      extraPrefsFirefox: { ...PREFERENCES, ...preferences },
      ...(profile === undefined ? {} : { userDataDir: profile }),
    });
    const page = await browser.newPage();
    await page.setViewport({ width: 1280, height: 800 });
    page.setDefaultTimeout(60_000);
    await page.evaluateOnNewDocument(probeLinks);
    return new FirefoxPerson(name, browser, page, origin);
  }

  async signUp(): Promise<this> {
    await this.page.goto(`${this.origin}/sign-up`);
    const fields = { name: this.name, username: this.username, password: PASSWORD };
    for (const [field, value] of Object.entries(fields)) {
      const input = field === 'password' ? 'input[type=password]' : `input[name=${field}]`;
      await this.page.locator(input).fill(value);
    }
    await this.press('Create account');
    await this.reads('h1', 'Chats');
    return this;
  }

  async accept(other: Somebody): Promise<void> {
    await this.page.goto(`${this.origin}/contacts`);
    await this.press('Accept', other.name);
    await this.reads('a', other.name);
  }

  async openChat(other: Somebody): Promise<void> {
    await this.page.goto(`${this.origin}/chats`);
    await this.page.locator(`::-p-xpath(//parley-chat-row[contains(., "${other.name}")]//a)`).click();
    await this.reads('h1', other.name);
  }

  /** Clicks the button whose words or label begin with `words` and name `whom`. */
  async press(words: string, whom = ''): Promise<void> {
    const said = (what: string) => `starts-with(normalize-space(${what}), "${words}") and contains(${what}, "${whom}")`;
    const button = `//button[(${said('@aria-label')}) or (${said('.')})]`;
    await this.page.locator(`::-p-xpath(${button})`).click();
  }

  /** An element of this kind with these words. */
  async reads(element: string, words: string): Promise<void> {
    await this.page.locator(`::-p-xpath(//${element}[contains(., "${words}")])`).wait();
  }

  /** Frames are decoded and sound has energy, both growing. */
  async seesAndHears(): Promise<void> {
    const { frames, energy } = await this.arriving();
    await until(
      `${this.name} sees and hears something`,
      () => this.arriving(),
      now => now.frames > frames + 5 && now.energy > energy,
    );
  }

  arriving(): Promise<ArrivingInFirefox> {
    return this.page.evaluate(async () => {
      const report = await window.probed.links.at(-1)?.getStats();
      const arrived = { frames: 0, energy: 0 };
      report?.forEach((entry: { type: string; kind?: string; framesDecoded?: number; totalAudioEnergy?: number }) => {
        if (entry.type !== 'inbound-rtp') return;
        if (entry.kind === 'video') arrived.frames = entry.framesDecoded ?? 0;
        if (entry.kind === 'audio') arrived.energy = entry.totalAudioEnergy ?? 0;
      });
      return arrived;
    });
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}

/** The half of the probe in call-probe.ts that is asked for here. */
function probeLinks(): void {
  // The check before a device's first video call would stand in the way of every spec; it has its own (call-preview.spec.ts).
  try {
    localStorage.setItem('parley.ready', 'yes');
  } catch {
    // Where nothing can be kept, or before there is a page.
  }
  const probed: Window['probed'] = { links: [], tracks: [] };
  window.probed = probed;
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      probed.links.push(this);
    }
  };
}
