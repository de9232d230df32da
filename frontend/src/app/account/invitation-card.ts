import { Component, computed, inject, input } from '@angular/core';
import type { Person } from '#protocol/api/account';
import { Words } from '../../i18n/words';
import { gradientOf, initialsOf } from '../look/portrait';

/** Who invites. The picture of a person is for those who are in: here are the letters of the name. */
@Component({
  selector: 'parley-invitation-card',
  template: `
    @if (inviter(); as person) {
      <span class="letters" aria-hidden="true" [style.background-image]="background()">{{ letters() }}</span>
      <p>
        <strong
          ><bdi>{{ person.displayName }}</bdi></strong
        >
        {{ t('invitations.card.invitedYou') }} <br />{{ t('invitations.card.contacts') }}
      </p>
    } @else {
      <p>
        <strong>{{ t('invitations.card.invited', { name: installation() }) }}</strong>
      </p>
    }
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 12px;
      margin-bottom: 18px;
      padding: 12px 14px;
      border-radius: var(--radius);
      background: var(--accent-container);
      color: var(--on-accent-container);
    }
    .letters {
      display: grid;
      flex: none;
      place-items: center;
      width: 2.5rem;
      height: 2.5rem;
      border-radius: 50%;
      color: #ffffff;
      font-size: 0.90625rem;
      font-weight: 600;
    }
    p {
      min-width: 0;
      overflow-wrap: anywhere;
      line-height: 1.45;
    }
  `,
})
export class InvitationCard {
  readonly inviter = input<Person>();
  readonly installation = input('Parley');
  protected readonly t = inject(Words).t;
  protected readonly letters = computed(() => initialsOf(this.inviter()?.displayName ?? ''));
  protected readonly background = computed(
    () => `linear-gradient(160deg, ${gradientOf(this.inviter()?.id ?? '').join(', ')})`,
  );
}
