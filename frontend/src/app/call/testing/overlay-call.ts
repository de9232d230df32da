import { type Provider } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { phaseOf } from '#protocol/call-client-state';
import { type Media } from '#protocol/call-frames';
import { Call } from '../call';
import { type DrawnOverlay, drawOverlay, shown } from './overlay';
import { type CallPage } from './switchboard';
import { until } from './until';

export const has = (selector: string): boolean => document.querySelector(selector) !== null;
export const button = (name: string): HTMLElement => shown(`button[aria-label="${name}"]`);

/** The button, option or switch whose text is this. */
export function pressable(text: string): HTMLElement {
  const all = [...document.querySelectorAll<HTMLElement>('button')];
  const found = all.find(one => one.textContent.trim() === text);
  if (found === undefined) throw new Error(`no button says ${text}`);
  return found;
}

/** The overlay of one person's page, and Mira at another page, who can be talked to. */
export class OverlayCall {
  readonly page: DrawnOverlay;
  readonly mira: CallPage;
  readonly call = TestBed.inject(Call);

  private constructor(page: DrawnOverlay) {
    this.page = page;
    this.mira = page.board.open(page.parent, 2);
  }

  static async open(more: Provider[] = []): Promise<OverlayCall> {
    return new OverlayCall(await drawOverlay(1, more));
  }

  /** Mira calls. */
  async ring(media: Media = 'video'): Promise<void> {
    this.mira.call.place(this.page.me.seat.userId, media);
    await until('the ring is drawn', () => has('parley-incoming-call dialog[open]'));
  }

  /** Mira calls, and it is accepted. */
  async talk(media: Media = 'video'): Promise<void> {
    await this.ring(media);
    button('Accept').click();
    await this.isConnected();
  }

  async isConnected(): Promise<void> {
    await until('connected at both ends', () =>
      [this.call, this.mira.call].every(call => phaseOf(call.state()) === 'connected'),
    );
    await until('the stage is drawn', () => has('parley-voice dialog[open]'));
  }

  /** Opens the sheet and presses what stands in it. */
  async more(action: string): Promise<void> {
    button('More').click();
    await until('the sheet', () => has('parley-more-sheet dialog[open]'));
    pressable(action).click();
  }

  close(): void {
    this.call.leave();
    this.page.board.close();
    this.page.fixture.destroy();
  }
}
