import type { Browser, BrowserContextOptions } from 'playwright-core';
import { openBrowser } from './chromium.ts';
import { ParleyServer } from './parley-server.ts';
import { Person } from './person.ts';

/** A server, and one browser in which everybody has a profile of their own: for all that needs no second camera. */
export class Installation {
  readonly server: ParleyServer;
  readonly browser: Browser;
  private readonly devices: Person[] = [];

  private constructor(server: ParleyServer, browser: Browser) {
    this.server = server;
    this.browser = browser;
  }

  /**
   * @param settings environment variables of the server
   * @param launch gets the browser: `launchChromium` where notifications matter
   */
  static async open(settings: Record<string, string> = {}, launch = openBrowser): Promise<Installation> {
    const [server, browser] = await Promise.all([ParleyServer.start(settings), launch()]);
    return new Installation(server, browser);
  }

  /**
   * Somebody at a fresh device.
   * @param more of the device, e.g. `WITH_WORKER`
   * @param origin by which they reach the server
   */
  async arrival(name: string, more: BrowserContextOptions = {}, origin = this.server.origin): Promise<Person> {
    const person = await Person.at(this.browser, origin, name, more);
    this.devices.push(person);
    return person;
  }

  /** Somebody who has an account, and has the app open; specs about the form take `arrival` and `signUp`. */
  async member(name: string, more: BrowserContextOptions = {}, origin = this.server.origin): Promise<Person> {
    return (await (await this.arrival(name, more, origin)).register()).comesIn();
  }

  /** Another device of somebody, with the app open. */
  async another({ name }: Person, more: BrowserContextOptions = {}): Promise<Person> {
    return (await (await this.arrival(name, more)).addDevice()).comesIn();
  }

  /**
   * Mira and Jonas, who are contacts.
   * @param mira of her device
   * @param jonas of his
   */
  async miraAndJonas(mira: BrowserContextOptions = {}, jonas: BrowserContextOptions = {}): Promise<[Person, Person]> {
    return acquainted(await this.arrival('Mira Sand', mira), await this.arrival('Jonas Weber', jonas));
  }

  /** Closes the devices of all others: a page that is open goes on working, on a processor that others want. */
  async leaveOpen(...kept: readonly Person[]): Promise<void> {
    const others = this.devices.filter(device => !kept.includes(device));
    await Promise.all(others.map(({ context }) => context.close()));
  }

  /** Closes everything. @returns what the pages complained about */
  async close(): Promise<string[]> {
    const complaints = this.devices.flatMap(({ name, complaints }) => complaints.all.map(line => `${name}: ${line}`));
    await this.browser.close();
    await this.server.dispose();
    return complaints;
  }
}

/** Gives two people at fresh devices accounts, makes them contacts, and opens the app of both. */
export async function acquainted(one: Person, other: Person): Promise<[Person, Person]> {
  await Promise.all([one.register(), other.register()]);
  await one.befriend(other);
  return Promise.all([one.comesIn(), other.comesIn()]);
}
