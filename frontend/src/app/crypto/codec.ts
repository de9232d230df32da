import { Service } from '@angular/core';
import { type Content, dataOf } from '#protocol/content/kinds';
import { drawableOf } from './drawable';

/**
 * Between what people write and what travels as `data`: as it is, until messages are encrypted end to end. Called in two
 * places alone: where a post leaves (chat/posts.ts) and where entries arrive (chat/arriving.ts). Between them, in the local
 * database and on the screen, there is content.
 */
@Service()
export class Codec {
  async seal(content: Content): Promise<string> {
    return dataOf(content);
  }

  /** Total: what cannot be read, or is not drawn by this app, is content of an unknown kind. */
  async open(data: string): Promise<Content> {
    return drawableOf(data);
  }
}
