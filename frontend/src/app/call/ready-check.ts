import { Service, signal } from '@angular/core';
import { type UserId } from '#protocol/ids';
import { remember, remembered } from '../device/remembered';

/** What is looked at before: placing a call to somebody, or accepting the one that rings. */
export type Before = { readonly place: UserId } | { readonly accept: true };

/** The ready check: one's own picture and sound, and nothing of it sent. Before the first video call of a device it comes by itself. */
@Service()
export class ReadyCheck {
  readonly #shown = signal<Before | null>(null);
  /** Fetches the sheets of a call, of which this is one; who draws them says how. */
  fetchSheets: () => Promise<unknown> = () => Promise.resolve();

  /** What it is shown before, while it is shown. */
  readonly shown = this.#shown.asReadonly();

  /** Whether this device has made a video call: it is asked once. */
  get isDone(): boolean {
    return remembered('parley.ready') !== null;
  }

  /**
   * Shows it.
   * @returns false where it cannot be loaded: the call goes on without
   */
  async show(before: Before): Promise<boolean> {
    try {
      await this.fetchSheets();
      this.#shown.set(before);
      return true;
    } catch {
      return false;
    }
  }

  /** The person was ready. */
  done(): void {
    remember('parley.ready', 'yes');
    this.close();
  }

  close(): void {
    this.#shown.set(null);
  }
}
