import { arriving, liveTracks, openLinks, type Arriving } from './call-probe.ts';
import type { Person, Somebody } from './person.ts';
import { until } from './until.ts';

/** What somebody does and sees in a call. */
export class Caller {
  readonly person: Person;

  constructor(person: Person) {
    this.person = person;
  }

  get page() {
    return this.person.page;
  }

  async calls(other: Somebody, media: 'audio' | 'video' = 'video'): Promise<void> {
    await this.person.openChat(other);
    const name = media === 'video' ? `Video call with ${other.name}` : `Call ${other.name}`;
    await this.page.getByRole('button', { name, exact: true }).click();
  }

  async isRung(by: Somebody): Promise<void> {
    await this.page.locator('parley-incoming-call').getByRole('heading', { name: by.name }).waitFor();
  }

  async accepts(answer: 'Accept' | 'Audio only' = 'Accept'): Promise<void> {
    await this.page.getByRole('button', { name: answer, exact: true }).click();
  }

  async declines(): Promise<void> {
    await this.page.getByRole('button', { name: 'Decline', exact: true }).click();
  }

  /** Moves the mouse first: the controls hide while somebody only looks. */
  async presses(button: string): Promise<void> {
    await this.page.mouse.move(200 + Math.random() * 50, 300);
    await this.page.getByRole('button', { name: button, exact: true }).click();
  }

  async hangsUp(): Promise<void> {
    await this.presses('Hang up');
  }

  /** The words on the stage or in a notice, exactly or in part. Words that go away by themselves are waited for beside what brings them. */
  async reads(words: string | RegExp): Promise<void> {
    await this.page.locator('parley-call-overlay, parley-toasts').getByText(words).first().waitFor();
  }

  /** No ring, stage, small view or outcome: the app alone. */
  async isFree(): Promise<void> {
    await this.page
      .locator('parley-incoming-call, parley-voice, parley-small-call')
      .first()
      .waitFor({ state: 'detached' });
  }

  /** Closes what the end of a call shows, unless it closes by itself before; the page beneath can be used again then. */
  async closesOutcome(): Promise<void> {
    const outcome = this.page.locator('parley-call-ended');
    const close = outcome.getByRole('button', { name: 'Close' });
    if (await close.isVisible()) await close.click({ timeout: 4_000 }).catch(() => undefined);
    await outcome.waitFor({ state: 'detached' });
  }

  /** The other's camera is seen, its ground as bright as `ground`, and the picture moves. */
  async sees(ground: number): Promise<void> {
    const first = await until(
      `${this.person.name} sees a picture with the ground ${ground}`,
      () => this.arriving(),
      ({ frames, ground: seen }) => frames > 0 && Math.abs(seen - ground) < 40,
    );
    await this.seesMotion(first);
  }

  /** A picture is shown that is not the one of before. */
  async seesMotion(before?: Arriving): Promise<void> {
    const first = before ?? (await this.arriving());
    await until(
      `what ${this.person.name} sees moves`,
      () => this.arriving(),
      ({ frames, moving }) => frames > first.frames && moving !== first.moving,
    );
  }

  /** Sound arrives: its energy grows. */
  async hears(): Promise<void> {
    const { energy } = await this.arriving();
    await until(
      `${this.person.name} hears something`,
      () => this.arriving(),
      now => now.energy > energy + 1e-4,
    );
  }

  arriving(): Promise<Arriving> {
    return arriving(this.page);
  }

  /** Nothing is captured and no peer connection is open. */
  async holdsNothing(): Promise<void> {
    await until(
      `${this.person.name} captures nothing`,
      () => liveTracks(this.page),
      live => live === 0,
    );
    await until(
      `${this.person.name} has no link`,
      () => openLinks(this.page),
      open => open === 0,
    );
  }
}
