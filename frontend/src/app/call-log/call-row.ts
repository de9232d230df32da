import { Component, computed, inject, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import info from 'lucide-static/icons/info.svg';
import maximize from 'lucide-static/icons/maximize-2.svg';
import phone from 'lucide-static/icons/phone.svg';
import video from 'lucide-static/icons/video.svg';
import type { CallEntry } from '#protocol/api/calls';
import { Dates } from '../../i18n/dates';
import { Words } from '../../i18n/words';
import { Avatar } from '../contacts/avatar';
import { Contacts } from '../contacts/contacts';
import { Icon } from '../look/icon';
import { isMissed } from './call-entries';
import { callIcon } from './call-icon';
import { CallPhrases } from './call-phrases';
import { CallReports } from './call-reports';
import { ReportLines } from './report-lines';
import { CALL_STARTER, callOffer } from '../contacts/call-starter';

/** One call of the log: who, what became of it, when; the row opens the conversation, the button calls again. */
@Component({
  selector: 'parley-call-row',
  imports: [Avatar, Icon, ReportLines, RouterLink],
  template: `
    <div class="row">
      <a class="to" [routerLink]="entry().conversationId ? ['/chats', entry().conversationId] : null">
        <parley-avatar [person]="person()" />
        <span class="row-text">
          <span class="first">
            <span class="row-name">{{ person().displayName }}</span>
            <time [attr.datetime]="iso()">{{ dates.stamp(entry().at) }}</time>
          </span>
          <span class="row-line" [class.bad]="missed()">
            <parley-icon [svg]="icon()" />
            @if (!missed()) {
              <span class="unseen">{{ t(direction()) }}: </span>
            }
            {{ words() }}
          </span>
        </span>
      </a>
      @if (report()) {
        <button
          class="icon-button"
          type="button"
          [attr.aria-expanded]="open()"
          [attr.aria-controls]="open() ? 'report-' + entry().callId : null"
          [attr.aria-label]="t('callLog.report.title', { name: person().displayName })"
          (click)="open.set(!open())"
        >
          <parley-icon [svg]="info" />
        </button>
      }
      @if (canCall()) {
        <button
          class="icon-button"
          type="button"
          [attr.aria-label]="callLabel()"
          [attr.aria-disabled]="offer() === 'busy' ? true : null"
          [title]="offer() === 'busy' ? t('call.alreadyInCall') : ''"
          (click)="call()"
        >
          <parley-icon [svg]="callButton()" />
        </button>
      }
    </div>
    @if (open() && report(); as report) {
      <parley-report-lines [id]="'report-' + entry().callId" [report]="report" [name]="person().displayName" />
    }
  `,
  styleUrl: './call-row.css',
})
export class CallRow {
  readonly entry = input.required<CallEntry>();

  protected readonly t = inject(Words).t;
  protected readonly dates = inject(Dates);
  readonly #phrases = inject(CallPhrases);
  readonly #starter = inject(CALL_STARTER);
  readonly #contacts = inject(Contacts);

  readonly #reports = inject(CallReports).reports;
  protected readonly info = info;
  protected readonly open = signal(false);

  protected readonly report = computed(() => this.#reports().get(this.entry().callId));
  protected readonly person = computed(() => this.#contacts.asKnown(this.entry().others[0]));
  protected readonly canCall = computed(() => this.#contacts.stateOf(this.entry().others[0].id) === 'accepted');
  protected readonly missed = computed(() => isMissed(this.entry()));
  protected readonly icon = computed(() => callIcon(this.entry()));
  protected readonly direction = computed(() => `callLog.direction.${this.entry().direction}` as const);
  protected readonly iso = computed(() => new Date(this.entry().at).toISOString());
  protected readonly words = computed(() => this.#phrases.of(this.entry()));
  protected readonly offer = computed(() => callOffer(this.#starter, this.entry().others[0].id));
  protected readonly callLabel = computed(() => {
    if (this.offer() === 'return') return this.t('call.returnToCall');
    const name = { name: this.person().displayName };
    return this.t(this.entry().media === 'video' ? 'callLog.callVideo' : 'callLog.callAudio', name);
  });
  protected readonly callButton = computed(() => {
    if (this.offer() === 'return') return maximize;
    return this.entry().media === 'video' ? video : phone;
  });

  protected call(): void {
    this.#starter.place(this.entry().others[0].id, this.entry().media);
  }
}
