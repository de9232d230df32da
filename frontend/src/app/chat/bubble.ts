import { Component, computed, inject, input, output } from '@angular/core';
import check from 'lucide-static/icons/check.svg';
import checkCheck from 'lucide-static/icons/check-check.svg';
import alert from 'lucide-static/icons/circle-alert.svg';
import clock from 'lucide-static/icons/clock.svg';
import lock from 'lucide-static/icons/lock-keyhole.svg';
import { textOf } from '#protocol/content/kinds';
import { Dates } from '../../i18n/dates';
import { Words, type Key } from '../../i18n/words';
import { Icon } from '../look/icon';
import { isEmojiOnly, segments } from './message-text';
import read from './read.svg';
import { SealedWords } from './sealed-words';
import { type MessageRow, type PostState } from './timeline';

/** The sign of each state; the words stand beside it for those who listen. */
export const STATE_ICONS: Readonly<Record<PostState, string>> = {
  waiting: clock,
  failed: alert,
  sent: check,
  received: checkCheck,
  // Not by its colour alone: the ticks stand in a filled shape.
  read,
};

const TROUBLES = {
  unkept: 'chat.unkept.post',
  direct: 'chat.direct.handedOver',
  busy: 'chat.busy',
  locked: 'chat.held.locked',
  'no-identity': 'chat.held.noIdentity',
  'identity-changed': 'chat.held.identityChanged',
} as const satisfies Record<NonNullable<MessageRow['trouble']>, Key>;

/** One message: its words, its time and how far it has come. */
@Component({
  selector: 'parley-bubble',
  imports: [Icon, SealedWords],
  host: {
    '[class.own]': 'row().own',
    '[class.first]': 'row().first',
    '[class.last]': 'row().last',
    '[class.waiting]': "row().state === 'waiting'",
    '[class.large]': 'large()',
  },
  template: `
    <div class="bubble">
      <span class="unseen" dir="auto">{{ row().own ? t('chat.ownBy') : name() }}</span>
      @if (row().content === null) {
        <span class="newer">{{ t('chat.deleted') }}</span>
      } @else if (row().sealed; as why) {
        <span class="newer">
          <parley-icon [svg]="lock" />
          @defer (on immediate) {
            <parley-sealed-words [why]="why" [name]="name()" />
          } @placeholder {
            {{ t('chat.sealed.yet') }}
          }
        </span>
      } @else if (words() === null) {
        <span class="newer">{{ t('chat.newer') }}</span>
      } @else {
        <span class="words" dir="auto">
          @for (segment of pieces(); track $index) {
            @if (segment.href; as href) {
              <!-- Isolated: whatever stands before it, an address reads from its scheme on. -->
              <a
                dir="ltr"
                [href]="href"
                target="_blank"
                rel="noopener noreferrer nofollow"
                [textContent]="segment.text"
              ></a>
            } @else {
              <span [textContent]="segment.text"></span>
            }
          }
        </span>
      }
      <span class="meta">
        @if (row().direct; as direct) {
          <parley-icon [svg]="icons.waiting" />
          <span [class.unseen]="direct === 'provisional'">{{ t('chat.direct.received') }}</span>
        }
        <time [attr.datetime]="iso()">{{ dates.time(row().at) }}</time>
        @if (row().state; as state) {
          <parley-icon [class.read]="state === 'read'" [class.bad]="state === 'failed'" [svg]="icons[state]" />
          <span class="unseen">{{ stateWords(state) }}</span>
        }
        @if (row().seq && row().content) {
          <button
            type="button"
            class="about"
            [tabIndex]="isStop() ? 0 : -1"
            [attr.aria-label]="t('chat.details') + ', ' + dates.time(row().at)"
            (click)="about.emit()"
          ></button>
        }
      </span>
    </div>
    @if (row().state === 'failed') {
      <div class="failed">
        <span>{{ t(refused()) }}</span>
        @if (row().fault !== 'malformed') {
          <button type="button" class="button small text" (click)="retry.emit()">{{ t('chat.retry') }}</button>
        }
        <button type="button" class="button small text danger" (click)="remove.emit()">{{ t('chat.delete') }}</button>
      </div>
    } @else if (row().state === 'waiting') {
      @if (row().trouble; as trouble) {
        <div class="failed late" role="status">
          <span>{{ t(TROUBLES[trouble], { name: name() }) }}</span>
          <button type="button" class="button small text danger" (click)="remove.emit()">{{ t('chat.delete') }}</button>
        </div>
      } @else {
        <!-- Most are sent within a tenth of a second: what stays is late. -->
        @defer (on timer(4s)) {
          <div class="failed late">
            <span>{{ t('chat.state.waiting') }}</span>
            <button type="button" class="button small text danger" (click)="remove.emit()">
              {{ t('chat.delete') }}
            </button>
          </div>
        }
      }
    }
  `,
  styleUrl: './bubble.css',
})
export class Bubble {
  readonly row = input.required<MessageRow>();
  /** The other person's. */
  readonly name = input('');
  /** Whether Tab stops at it; the others are reached by the arrow keys. */
  readonly isStop = input(false);
  readonly about = output();
  readonly retry = output();
  readonly remove = output();

  protected readonly t = inject(Words).t;
  protected readonly dates = inject(Dates);
  protected readonly icons = STATE_ICONS;
  protected readonly lock = lock;
  protected readonly TROUBLES = TROUBLES;
  protected readonly words = computed(() => {
    const { content } = this.row();
    return content && textOf(content);
  });
  protected readonly pieces = computed(() => segments(this.words() ?? ''));
  protected readonly large = computed(() => isEmojiOnly(this.words() ?? ''));
  /** To a restored server that does not know the conversation its two people are no contacts, and may be again. */
  protected readonly refused = computed((): Key => {
    const { fault } = this.row();
    if (fault === 'not-contacts' || fault === 'not-a-member') return 'chat.refused.notContacts';
    return fault === 'malformed' ? 'chat.refused.malformed' : 'chat.refused.other';
  });
  protected readonly stateWords = (state: PostState): string => this.t(`chat.state.${state}`);
  protected readonly iso = computed(() => new Date(this.row().at).toISOString());
}
