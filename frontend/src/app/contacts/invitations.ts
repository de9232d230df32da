import { inject, Service } from '@angular/core';
import {
  type Invitation,
  invitation,
  type InvitationOffer,
  linkedInvitation,
  type LinkedInvitation,
} from '#protocol/api/invitations';
import { page } from '#protocol/api/page';
import type { Result } from '#protocol/result';
import { ok } from '#protocol/result';
import { Api } from '../account/api';
import type { Failure } from '../account/fetch-json';

/** Invitations of one's own. A code is known only to whoever has just made it. */
@Service()
export class Invitations {
  readonly #api = inject(Api);

  make(offer: InvitationOffer): Promise<Result<LinkedInvitation, Failure>> {
    return this.#api.request('POST', '/api/invitations', { body: offer, answer: linkedInvitation });
  }

  /** Those that can still be used; there are never more than one page of them. */
  async open(): Promise<Result<readonly Invitation[], Failure>> {
    const answer = await this.#api.request('GET', '/api/invitations?limit=100', { answer: page(invitation) });
    return answer.ok ? ok(answer.value.items) : answer;
  }

  revoke(id: string): Promise<Result<void, Failure>> {
    return this.#api.request('DELETE', `/api/invitations/${id}`);
  }
}
