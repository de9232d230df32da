import { Service } from '@angular/core';
import { type Content, dataOf } from '#protocol/content/kinds';
import { opened } from './opening';

/**
 * Between what people write and what travels as `data`: as it is, until messages are encrypted end to end. It seals where a
 * post leaves (chat/posts.ts), and opens where entries arrive: on the page (chat/arriving.ts), and in the data worker by
 * `opened` itself (chat/data.worker.ts). Between them, in the local database and on the screen, there is content.
 */
@Service()
export class Codec {
  async seal(content: Content): Promise<string> {
    return dataOf(content);
  }

  /** As `opened`. */
  open(data: string): Promise<Content> {
    return opened(data);
  }
}
