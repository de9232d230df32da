import type { Browser } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { ParleyServer } from './parley-server.ts';
import { Person } from './person.ts';

/** How bright the ground of each camera is: it tells whose picture is seen. */
export const GROUND = { mira: 60, jonas: 170 };

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

  /** @param settings environment variables of the server */
  static async meet(settings: Record<string, string> = {}): Promise<TwoPeople> {
    const server = await ParleyServer.start(settings);
    // Two browsers, because a camera file belongs to a browser.
    const browsers = await Promise.all([launchChromium(GROUND.mira), launchChromium(GROUND.jonas)]);
    const [mira, jonas] = await Promise.all([
      Person.at(browsers[0], server.origin, 'Mira Sand'),
      Person.at(browsers[1], server.origin, 'Jonas Weber'),
    ]);
    await Promise.all([mira.signUp(), jonas.signUp()]);
    await mira.ask(jonas);
    await jonas.accept(mira);
    return new TwoPeople(server, browsers, mira, jonas);
  }

  /** Another device of one of them, signed in. */
  async another(person: Person): Promise<Person> {
    const browser = this.browsers[person === this.mira ? 0 : 1];
    if (!browser) throw new Error('their browser is closed');
    return (await Person.at(browser, this.server.origin, person.name)).signIn();
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
