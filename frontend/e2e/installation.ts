import type { Browser, BrowserContextOptions } from 'playwright-core';
import { openBrowser, WITH_WORKER } from './chromium.ts';
import { ParleyServer } from './parley-server.ts';
import { Person } from './person.ts';

/** A server, and one browser in which everybody has a profile of their own: for all that needs no second camera. */
export class Installation {
  readonly server: ParleyServer;
  readonly browser: Browser;
  private readonly devices: Person[] = [];
  private readonly context: BrowserContextOptions;

  private constructor(server: ParleyServer, browser: Browser, context: BrowserContextOptions) {
    this.server = server;
    this.browser = browser;
    this.context = context;
  }

  /**
   * @param settings environment variables of the server
   * @param launch gets the browser: `launchChromium` where notifications matter
   */
  static async open(settings: Record<string, string> = {}, launch = openBrowser, context = {}): Promise<Installation> {
    const [server, browser] = await Promise.all([ParleyServer.start(settings), launch()]);
    return new Installation(server, browser, context);
  }

  /** One at whose devices the service worker runs. */
  static withWorker(settings: Record<string, string> = {}, launch = openBrowser): Promise<Installation> {
    return Installation.open(settings, launch, WITH_WORKER);
  }

  /**
   * Somebody at a fresh device.
   * @param origin by which they reach the server
   */
  async arrival(name: string, more: BrowserContextOptions = {}, origin = this.server.origin): Promise<Person> {
    const person = await Person.at(this.browser, origin, name, { ...this.context, ...more });
    this.devices.push(person);
    return person;
  }

  /** Somebody who has just made an account. */
  async member(name: string, more: BrowserContextOptions = {}, origin = this.server.origin): Promise<Person> {
    return (await this.arrival(name, more, origin)).signUp();
  }

  /** Mira and Jonas, who are contacts. */
  async miraAndJonas(more: BrowserContextOptions = {}): Promise<[Person, Person]> {
    const mira = await this.member('Mira Sand', more);
    const jonas = await this.member('Jonas Weber', more);
    await befriend(mira, jonas);
    return [mira, jonas];
  }

  /** Closes everything. @returns what the pages complained about */
  async close(): Promise<string[]> {
    const complaints = this.devices.flatMap(({ name, complaints }) => complaints.all.map(line => `${name}: ${line}`));
    await this.browser.close();
    await this.server.dispose();
    return complaints;
  }
}

export async function befriend(one: Person, other: Person): Promise<void> {
  await one.ask(other);
  await other.accept(one);
}
