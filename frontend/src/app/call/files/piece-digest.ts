import { type Piece } from '#protocol/direct/file-messages';

/** The SHA-256 of the SHA-256 of each piece of a file in their order: browsers digest no stream, and pieces come one by one. */
export class PieceDigest {
  readonly #digests = new Map<number, Promise<ArrayBuffer>>();

  /** A piece that is read again, after a cut, takes the place of the one before. */
  add({ offset, bytes }: Omit<Piece, 'id'>): void {
    this.#digests.set(offset, crypto.subtle.digest('SHA-256', bytes));
  }

  /** @returns 64 hexadecimal digits */
  async whole(): Promise<string> {
    const inOrder = [...this.#digests].sort(([one], [other]) => one - other);
    const all = await Promise.all(inOrder.map(([, digest]) => digest));
    const whole = await crypto.subtle.digest('SHA-256', await new Blob(all).arrayBuffer());
    return Array.from(new Uint8Array(whole), byte => byte.toString(16).padStart(2, '0')).join('');
  }
}
