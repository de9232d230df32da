import { inject, Service } from '@angular/core';
import { conversation, type Conversation } from '#protocol/api/conversations';
import { type Page } from '#protocol/api/page';
import { PAGE_ROWS } from '#protocol/limits';
import { type Result } from '#protocol/result';
import type { PlainUpTo } from '../../../crypto/secrets-bundle.ts';
import { Api } from '../account/api';
import { type Failure } from '../account/fetch-json';

/** Where the conversations of this person hold what was written before they encrypted. */
@Service()
export class PlainPlaces {
  readonly #api = inject(Api);

  /**
   * The last place of each conversation, asked of the server.
   * @throws where it does not answer
   */
  async now(): Promise<PlainUpTo> {
    const places: Record<string, number> = {};
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const path: string = `/api/conversations?limit=${PAGE_ROWS}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
      const answer: Result<Page<Conversation>, Failure> = await this.#api.request('GET', path, { row: conversation });
      if (!answer.ok) throw new Error('the server has not listed the conversations');
      for (const { id, lastSeq } of answer.value.items) if (lastSeq > 0) places[id] = lastSeq;
      cursor = answer.value.next;
    }
    return places;
  }
}
