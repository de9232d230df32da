import { Component, computed, inject, input, output } from '@angular/core';
import { type ConversationId, type UserId } from '#protocol/ids';
import { laterWords } from '../../i18n/later-words';
import { CALL_WORD } from './call-word';
import { Peer } from './peer';

const ANSWERS = ['soon', 'tonight', 'write'] as const;

/** Declines a ring and says why, in one tap: the sentence stands in the conversation. Nothing where it could not be written. */
@Component({
  selector: 'parley-not-now',
  template: `
    @if (write && conversation(); as conversation) {
      <p id="not-now">{{ t('call.notNow.title') }}</p>
      <div class="answers" role="group" aria-labelledby="not-now">
        @for (answer of answers; track answer) {
          <button (click)="say(conversation, answer)">{{ t(names[answer]) }}</button>
        }
      </div>
    }
  `,
  styles: `
    p {
      margin-bottom: 8px;
      font-size: 13px;
      color: #ffffffc2;
      text-align: center;
    }

    .answers {
      display: flex;
      flex-wrap: wrap;
      justify-content: center;
      gap: 8px;
    }

    button {
      min-height: var(--target);
      padding: 8px 15px;
      border: 0;
      border-radius: 22px;
      background: #ffffff24;
      color: #ffffff;
      font-size: 14.5px;
      font-weight: 500;
      cursor: pointer;
    }

    button:hover {
      background: #ffffff38;
    }
  `,
})
export class NotNow {
  protected readonly write = inject(CALL_WORD, { optional: true });
  readonly #peer = inject(Peer);
  protected readonly t = laterWords();
  protected readonly answers = ANSWERS;
  protected readonly names = {
    soon: 'call.notNow.soon',
    tonight: 'call.notNow.tonight',
    write: 'call.notNow.write',
  } as const;

  /** Who rings; without one the other person of the present call. */
  readonly from = input<UserId>();
  protected readonly conversation = computed(() => {
    const from = this.from();
    return from === undefined ? this.#peer.conversation() : this.#peer.conversationWith(from);
  });

  /** It was said: the ring is to be declined. */
  readonly said = output();

  protected say(conversation: ConversationId, answer: (typeof ANSWERS)[number]): void {
    this.write?.(conversation, this.t(`call.notNow.sentence.${answer}`));
    this.said.emit();
  }
}
