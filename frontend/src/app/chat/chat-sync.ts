import { inject, Service, signal } from '@angular/core';
import type * as z from 'zod/mini';
import { messagePage, retractionPage } from '#protocol/api/conversations';
import { type Page } from '#protocol/api/page';
import { type ConversationId } from '#protocol/ids';
import { PAGE_MESSAGES, PAGE_ROWS, RECENT_CONVERSATIONS } from '#protocol/limits';
import { Api } from '../account/api';
import { Arriving } from './arriving';
import { type Listed, type Stored } from './conversation';
import { ConversationStore } from './conversation-store';
import { Marks } from './marks';
import { isBehind } from './range';

/** So many conversations that have missed something are asked one by one; more come in pages of several, in the background. */
const FEW = 5;
/** Between two pages of the background, ms: what a person does comes first. */
const PAUSE_MS = 250;
/** How many messages the first look into a conversation fetches. */
const FIRST_LOOK = 60;
/** A server that answers the socket but not a request is asked again after this, ms. */
const AGAIN_MS = 3_000;

/** Fetches by REST what the socket did not bring: the list, what was missed, and the past. */
@Service()
export class ChatSync {
  readonly #api = inject(Api);
  readonly #arriving = inject(Arriving);
  readonly #store = inject(ConversationStore);
  readonly #marks = inject(Marks);
  readonly #behind = new Map<ConversationId, Promise<boolean>>();
  /** Conversations of which the server has listed retractions that are not applied here. */
  readonly #retracted = new Set<ConversationId>();
  readonly #done = signal(false);
  #background: Promise<void> | null = null;
  #running: Promise<void> | null = null;
  #isDue = false;

  /** Whether the server's list has been seen since this page was opened. */
  readonly done = this.#done.asReadonly();

  /**
   * The list with the newest entries of its head, in a handful of requests whatever there is; then what is missing in the
   * others. Called while it runs, it runs once more.
   */
  async all(): Promise<void> {
    this.#isDue = true;
    this.#running ??= this.#loop();
    return this.#running;
  }

  /** Something has changed that a list which is just being fetched may not say. */
  again(): void {
    if (this.#running) this.#isDue = true;
  }

  async #loop(): Promise<void> {
    while (this.#isDue) {
      this.#isDue = false;
      // A database that is closed (signed out) or full ends this round; the next welcome begins another.
      if (await this.#round().catch(() => true)) continue;
      setTimeout(() => void this.all(), AGAIN_MS);
    }
    this.#running = null;
  }

  /** @returns false where the server does not answer */
  async #round(): Promise<boolean> {
    if (!(await this.#list())) return false;
    this.#done.set(true);
    await this.#retractions();
    const behind = this.#store.list().filter(({ id }) => this.#isBehind(id));
    if (behind.length > FEW) this.#background ??= this.#fill().finally(() => (this.#background = null));
    else for (const { id } of behind) await this.catchUp(id);
    return true;
  }

  async #list(): Promise<boolean> {
    let recent = RECENT_CONVERSATIONS;
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const answer: Page<Listed> | undefined = await this.#listed(PAGE_ROWS, recent, cursor);
      if (!answer) return false;
      // A page may end before all that were asked for have come with their entries.
      recent -= answer.items.filter(({ run }) => run).length;
      cursor = answer.next;
    }
    return true;
  }

  /** Walks through the list once more, the newest first, for what a search and a start without a server will want. */
  async #fill(): Promise<void> {
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      await new Promise(resolve => setTimeout(resolve, PAUSE_MS));
      const answer: Page<Listed> | undefined = await this.#listed(
        RECENT_CONVERSATIONS,
        RECENT_CONVERSATIONS,
        cursor,
      ).catch(() => undefined);
      // Without a server, or a database: the next welcome begins again.
      if (!answer) return;
      for (const { id } of answer.items.filter(one => this.#isBehind(one.id))) {
        await this.catchUp(id);
        this.#marks.soon(id);
      }
      await this.#retractions();
      cursor = answer.next;
    }
  }

  /** One page of the list, stored. */
  async #listed(limit: number, recent: number, cursor: string): Promise<Page<Listed> | undefined> {
    const query = `limit=${limit}&recent=${recent}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    const arrived = await this.#arriving.list(`/api/conversations?${query}`);
    if (!arrived) return undefined;
    const { page, keep } = arrived;
    for (const { id, marks, retractions } of page.items) {
      const known = this.#store.find(id);
      if (known && (known.retractions ?? 0) < retractions) this.#retracted.add(id);
      const own = marks.find(({ userId }) => userId === this.#store.me);
      if (own) this.#marks.heard(id, own);
    }
    await this.#store.listed(page.items, keep);
    // What has come may be what was awaited to say how far this device has received.
    for (const { id, run } of page.items) if (run) this.#marks.soon(id);
    return page;
  }

  /** Asks what was retracted while this device was away; what is not answered is asked after the next list. */
  async #retractions(): Promise<void> {
    for (const id of this.#retracted) {
      this.#retracted.delete(id);
      for (let count = PAGE_MESSAGES; count === PAGE_MESSAGES;) {
        const after = this.#store.find(id)?.retractions ?? 0;
        const path = `/api/conversations/${id}/retractions?after=${after}&limit=${PAGE_MESSAGES}`;
        const page = await this.#get(path, retractionPage);
        if (!page || page.upTo <= after) break;
        // What is last now, where it is not kept here, the list has said.
        await this.#store.retracted(id, page.items, page.upTo);
        count = page.items.length;
      }
      await this.#store.recount(id);
    }
  }

  /** Pages until nothing is missing behind what is held; a conversation never seen gets its newest page. */
  async catchUp(id: ConversationId): Promise<void> {
    const running = this.#behind.get(id) ?? this.#catchUp(id).catch(() => false);
    this.#behind.set(id, running);
    const isWhole = await running;
    this.#behind.delete(id);
    // What came while the last page was counted has found this one running.
    if (isWhole && this.#isBehind(id)) await this.catchUp(id);
  }

  /** @returns false where the server does not answer */
  async #catchUp(id: ConversationId): Promise<boolean> {
    if (!this.#isBehind(id)) return true;
    while (this.#isBehind(id)) {
      const { held, lastSeq } = this.#store.find(id) ?? { held: null, lastSeq: 0 };
      const items = held
        ? await this.page(id, `after=${held.to}&limit=${PAGE_MESSAGES}`)
        : await this.page(id, `before=${lastSeq + 1}&limit=${FIRST_LOOK}`);
      if (!items?.length) return false;
    }
    await this.#store.recount(id);
    return true;
  }

  #isBehind(id: ConversationId): boolean {
    const known = this.#store.find(id);
    return known !== undefined && isBehind(known.held, known.lastSeq);
  }

  /**
   * The page before what is held.
   * @returns false where the server does not answer
   */
  async older(id: ConversationId): Promise<boolean> {
    const held = this.#store.find(id)?.held;
    if (!held || held.from <= 1) return true;
    return (await this.page(id, `before=${held.from}&limit=${PAGE_MESSAGES}`)) !== undefined;
  }

  /**
   * A page of messages, kept on this device.
   * @param query `after` or `before` a seq, and `limit`
   * @returns undefined where the server does not answer
   */
  async page(id: ConversationId, query: string): Promise<readonly Stored[] | undefined> {
    const answer = await this.#get(`/api/conversations/${id}/messages?${query}`, messagePage);
    if (!answer) return undefined;
    const items = await this.#arriving.all(answer.items);
    await this.#store.paged(id, items);
    return items;
  }

  async #get<T>(path: string, shape: z.ZodMiniType<T>): Promise<T | undefined> {
    const answer = await this.#api.request('GET', path, { answer: shape });
    return answer.ok ? answer.value : undefined;
  }
}
