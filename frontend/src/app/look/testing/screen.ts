import type { ComponentFixture } from '@angular/core/testing';

const plain = (text: string | null | undefined): string => (text ?? '').replace(/\s+/g, ' ').trim();

/** A page in a spec as a person meets it: by its words, its labels, and what they say aloud. */
export class Screen {
  constructor(
    readonly fixture: Pick<ComponentFixture<unknown>, 'whenStable'>,
    readonly page: Element,
  ) {}

  get text(): string {
    return plain(this.page.textContent);
  }

  /** A link or button by its name; in the open dialog, where there is one. */
  button(words: string): HTMLElement | undefined {
    const within = document.querySelector('dialog[open]') ?? this.page;
    return [...within.querySelectorAll<HTMLElement>('button, a')].find(
      one => plain(one.getAttribute('aria-label') ?? one.textContent) === words,
    );
  }

  field(label: string): HTMLInputElement {
    const found = [...this.page.querySelectorAll('label')].find(one => plain(one.textContent) === label);
    const input = found && this.page.querySelector<HTMLInputElement>(`[id="${found.htmlFor}"]`);
    if (!input) throw new Error(`no field is called ${label}`);
    return input;
  }

  async type(label: string, text: string): Promise<void> {
    const input = this.field(label);
    input.value = text;
    input.dispatchEvent(new Event('input'));
    await this.fixture.whenStable();
  }

  /** Presses a button as soon as it is there. */
  async press(words: string): Promise<void> {
    await this.until(() => this.button(words) !== undefined);
    this.button(words)?.click();
    await this.fixture.whenStable();
  }

  /** Waits until the page says it. */
  shows(text: string): Promise<void> {
    return this.until(() => this.text.includes(text));
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise(resolve => requestAnimationFrame(resolve));
      await this.fixture.whenStable();
    }
  }
}
