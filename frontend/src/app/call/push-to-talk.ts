import { computed, Directive, effect, inject, untracked } from '@angular/core';
import { CallMedia } from './call-media';
import { CallSettings } from './call-settings';
import { CallView } from './call-view';
import { isTyping } from './is-typing';

/**
 * Where a person has chosen it, the microphone is on only while the space bar is held. A button that a keyboard is on keeps
 * its space bar; one that was clicked does not, or the first click would end the talking.
 */
@Directive({
  selector: '[parleyPushToTalk]',
  host: {
    '(document:keydown)': 'pressed($event)',
    '(window:keyup)': 'released($event)',
    '(window:blur)': 'stop()',
  },
})
export class PushToTalk {
  readonly #media = inject(CallMedia);
  readonly #view = inject(CallView);
  readonly #settings = inject(CallSettings);
  #talking = false;

  constructor() {
    // There is something to mute once the call has asked for the microphone.
    const on = computed(() => this.#settings.now().pushToTalk && this.#media.local().microphone.is !== 'off');
    effect(stop => {
      if (!on()) return;
      untracked(() => this.#media.mute(true));
      stop(() => this.stop());
    });
  }

  protected pressed(event: KeyboardEvent): void {
    const { target } = event;
    if (event.key !== ' ' || this.#view.screen() !== 'stage' || !this.#settings.now().pushToTalk || isTyping(target))
      return;
    if (target instanceof HTMLElement && target.matches('button:focus-visible')) return;
    // Neither scrolls nor clicks.
    event.preventDefault();
    if (this.#talking) return;
    this.#talking = true;
    this.#media.mute(false);
  }

  protected released(event: KeyboardEvent): void {
    if (event.key !== ' ' || this.#view.screen() !== 'stage' || !this.#talking) return;
    event.preventDefault();
    this.stop();
  }

  /** The key may come up where this page does not hear it. */
  protected stop(): void {
    if (!this.#talking) return;
    this.#talking = false;
    this.#media.mute(true);
  }
}
