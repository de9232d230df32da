import { inject, Service } from '@angular/core';
import { type Conversation } from '#protocol/api/conversations';
import { type Message, type Placed } from '#protocol/chat-frames';
import { type Content } from '#protocol/content/kinds';
import { Codec } from '../crypto/codec';
import { type Entry, type Listed, type Stored } from './conversation';

/** Entries as they arrive, live and by paging: decoded here once, and kept so. */
@Service()
export class Arriving {
  readonly #codec = inject(Codec);

  async one(arrived: Placed): Promise<Stored> {
    return 'data' in arrived ? this.#entry(arrived) : arrived;
  }

  all(arrived: readonly Placed[]): Promise<Stored[]> {
    return Promise.all(arrived.map(one => this.one(one)));
  }

  /** Conversations as the server lists them. */
  listed(conversations: readonly Conversation[]): Promise<Listed[]> {
    return Promise.all(
      conversations.map(async ({ last, entries, ...others }) => ({
        ...others,
        ...(last && { last: await this.#entry(last) }),
        ...(entries && { entries: await this.all(entries) }),
      })),
    );
  }

  /** What a copy says that came from device to device. */
  content(data: string): Promise<Content> {
    return this.#codec.open(data);
  }

  async #entry({ data, ...message }: Message): Promise<Entry> {
    return { ...message, content: await this.content(data) };
  }
}
