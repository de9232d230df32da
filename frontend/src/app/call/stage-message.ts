import { Component, computed, inject, output } from '@angular/core';
import { Router } from '@angular/router';
import { CALL_NEWS, type News } from './call-news';
import { CallView } from './call-view';
import { Peer } from './peer';

/** A message that has come while the stage lies over its conversation; it leads there. */
@Component({
  selector: 'parley-stage-message',
  host: { role: 'status' },
  template: `
    @if (shown(); as news) {
      <button type="button" (click)="open(news)">
        <strong class="cut" dir="auto">{{ news.name }}</strong>
        <span class="text" dir="auto">{{ news.text }}</span>
      </button>
    }
  `,
  styles: `
    :host {
      max-width: min(420px, 100%);
    }

    button {
      display: flex;
      flex-direction: column;
      gap: 2px;
      max-width: 100%;
      min-height: var(--target);
      padding: 8px 14px 10px;
      border: 0;
      border-radius: var(--radius-bubble) var(--radius-bubble) var(--radius-bubble) 6px;
      background: #26322ff2;
      color: #ffffff;
      font-size: 15.5px;
      text-align: start;
      cursor: pointer;
      animation: rise var(--slow) var(--ease);
    }

    button:hover {
      background: #33423ef2;
    }

    strong {
      max-width: 100%;
      font-size: 13.5px;
    }

    .text {
      display: -webkit-box;
      overflow: hidden;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 3;
      line-clamp: 3;
      overflow-wrap: anywhere;
    }

    @keyframes rise {
      from {
        opacity: 0;
        translate: 0 8px;
      }
    }
  `,
})
export class StageMessage {
  readonly #news = inject(CALL_NEWS, { optional: true });
  readonly #view = inject(CallView);
  readonly #peer = inject(Peer);
  readonly #router = inject(Router);
  /** The conversation beside the stage is asked for. */
  readonly chat = output();

  protected readonly shown = computed(() => {
    const news = this.#news?.latest() ?? null;
    const isBeside = this.#view.chat() && news?.conversationId === this.#peer.conversation();
    return isBeside ? null : news;
  });

  protected open({ conversationId }: News): void {
    if (conversationId === this.#peer.conversation()) return this.chat.emit();
    this.#view.shrink();
    void this.#router.navigate(['/chats', conversationId]);
  }
}
