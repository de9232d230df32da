import type { Browser } from 'playwright-core';
import { GROUND, launchChromium, openBrowser } from './chromium.ts';
import { acquainted } from './installation.ts';
import { ParleyServer } from './parley-server.ts';
import { Person } from './person.ts';

/** A server and two people at two browsers of their own, who are contacts. */
export class TwoPeople {
  readonly server: ParleyServer;
  readonly mira: Person;
  readonly jonas: Person;
  private readonly browsers: readonly Browser[];

  private constructor(server: ParleyServer, browsers: readonly Browser[], mira: Person, jonas: Person) {
    this.server = server;
    this.browsers = browsers;
    this.mira = mira;
    this.jonas = jonas;
  }

  /**
   * @param settings environment variables of the server
   * @param granted false leaves permission questions and the autoplay rule as a person meets them
   * @param context of both devices
   */
  static async meet(settings: Record<string, string> = {}, granted = true, context = {}): Promise<TwoPeople> {
    const server = await ParleyServer.start(settings);
    // Two browsers, because a camera file belongs to a browser.
    const open = (ground: number) => (granted ? openBrowser(ground) : launchChromium(ground, false));
    const browsers = await Promise.all([open(GROUND.mira), open(GROUND.jonas)]);
    const [mira, jonas] = await Promise.all([
      Person.at(browsers[0], server.origin, 'Mira Sand', context),
      Person.at(browsers[1], server.origin, 'Jonas Weber', context),
    ]);
    await acquainted(mira, jonas);
    return new TwoPeople(server, browsers, mira, jonas);
  }

  /** Another device of one of them, signed in. */
  async another(person: Person): Promise<Person> {
    return (await (await Person.at(person.browser, this.server.origin, person.name)).addDevice()).comesIn();
  }

  /** Somebody else, at the browser of one of them, who becomes a contact of both. */
  async third(name: string): Promise<Person> {
    const person = await (await Person.at(this.mira.browser, this.server.origin, name)).register();
    for (const other of [this.mira, this.jonas]) await person.befriend(other);
    return person.comesIn();
  }

  /** What their pages complained about, and then everything is closed. */
  async part(): Promise<string[]> {
    const complaints = [this.mira, this.jonas].flatMap(person =>
      person.complaints.all.map(line => `${person.name}: ${line}`),
    );
    await Promise.all(this.browsers.map(browser => browser.close()));
    await this.server.dispose();
    return complaints;
  }
}
