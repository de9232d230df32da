import { Component, computed, inject, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { type Person } from '#protocol/api/account';
import arrowLeft from 'lucide-static/icons/arrow-left.svg';
import searchIcon from 'lucide-static/icons/search.svg';
import { Words } from '../../i18n/words';
import { Avatar } from '../contacts/avatar';
import { CallButtons } from '../contacts/call-buttons';
import { Presence } from '../contacts/presence';
import { PresenceWords } from '../contacts/presence-words';
import { BackLink } from '../look/back';
import { Icon } from '../look/icon';
import { NewIdentityLine, NewIdentitySign, VerifiedSign } from './identity-signs';

/** Who one talks with, whether they are there, and the two ways to call them. */
@Component({
  selector: 'parley-conversation-header',
  imports: [Avatar, BackLink, CallButtons, Icon, NewIdentityLine, NewIdentitySign, RouterLink, VerifiedSign],
  template: `
    <header class="page-header inner ruled">
      <a class="icon-button back" parleyBack="/chats" [attr.aria-label]="t('app.back')">
        <parley-icon [svg]="arrowLeft" />
      </a>
      <div class="who">
        <parley-avatar [person]="person()" />
        <div class="text">
          <h1 class="cut" tabindex="-1">
            <a [routerLink]="['/contacts', person().id]">{{ person().displayName }}</a>
            @defer (when changed() || verified()) {
              @if (changed()) {
                <parley-new-identity-sign />
              } @else if (verified()) {
                <parley-verified-sign />
              }
            }
          </h1>
          @if (changed()) {
            @defer (on immediate) {
              <parley-new-identity-line />
            }
          } @else if (line(); as words) {
            <p class="line cut" [class.here]="isHere()">{{ words }}</p>
          }
        </div>
      </div>
      <button
        class="icon-button search"
        type="button"
        [attr.aria-label]="t('chat.searchHere')"
        (click)="wantsSearch.emit()"
      >
        <parley-icon [svg]="searchIcon" />
      </button>
      @if (canCall()) {
        <parley-call-buttons [person]="person()" [closed]="changed()" />
      }
    </header>
  `,
  styleUrl: './conversation-header.css',
})
export class ConversationHeader {
  readonly person = input.required<Person>();
  readonly typing = input(false);
  readonly canCall = input(false);
  /** They have another identity than before: no call goes out until it is decided whether they are the same. */
  readonly changed = input(false);
  /** This person has compared with them. */
  readonly verified = input(false);
  /** Somebody wants to search this conversation; offered where the list with its search field stands beside it. */
  readonly wantsSearch = output();

  readonly #presence = inject(Presence);
  readonly #presenceWords = inject(PresenceWords);
  protected readonly t = inject(Words).t;
  protected readonly arrowLeft = arrowLeft;
  protected readonly searchIcon = searchIcon;
  protected readonly isHere = computed(() => this.typing() || this.#presence.of(this.person().id).state !== 'offline');
  protected readonly line = computed(() =>
    this.typing() ? this.t('chat.typing') : this.#presenceWords.of(this.person().id),
  );
}
