import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

/** Everything that a server has heard, kept or said, by where it was met: what it knows is at most what stands in here. */
export class Overheard {
  readonly #met: { where: string; bytes: Buffer }[] = [];

  /** Requests, answers and frames of this page from now on, as they are before TLS and compression. */
  follow(page: Page, name: string): void {
    page.on('request', request => {
      const path = `${name}: ${request.method()} ${new URL(request.url()).pathname}`;
      this.add(path, `${request.url()}\n${JSON.stringify(request.headers())}`);
      this.add(path, request.postDataBuffer() ?? '');
    });
    page.on('response', response => {
      const { pathname } = new URL(response.url());
      if (!pathname.startsWith('/api/')) return;
      void response.body().then(
        body => this.add(`${name}: answer to ${pathname}`, body),
        () => undefined,
      );
    });
    page.on('websocket', socket => {
      socket.on('framesent', ({ payload }) => this.add(`${name}: frame sent`, payload));
      socket.on('framereceived', ({ payload }) => this.add(`${name}: frame received`, payload));
    });
  }

  add(where: string, what: string | Buffer): void {
    this.#met.push({ where, bytes: Buffer.from(what) });
  }

  /** All files of a folder, with those below. */
  async addFolder(folder: string): Promise<void> {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) this.add(entry.name, await readFile(join(entry.parentPath, entry.name)));
    }
  }

  /** How much was met, in bytes. */
  get size(): number {
    return this.#met.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** @returns where one of these stands, in the clear or in a code that anybody can read */
  find(words: readonly string[]): string[] {
    const found = words.flatMap(word =>
      readable(word).flatMap(form =>
        this.#met.filter(({ bytes }) => bytes.includes(form)).map(({ where }) => `“${word}” in ${where}`),
      ),
    );
    return [...new Set(found)];
  }
}

/** How a text may stand in what carries it: as it is, as JSON, in a URL, in UTF-16, in hexadecimal, and in base 64 wherever it begins. */
function readable(text: string): (string | Buffer)[] {
  const bytes = Buffer.from(text);
  const inBase64 = [0, 1, 2].map(before => {
    // The first and last letters also carry bits of what stands before and behind.
    const code = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return code.slice(before === 0 ? 0 : before + 1, (before + bytes.length) % 3 === 0 ? undefined : -1);
  });
  const inUrl = inBase64.map(code => code.replaceAll('+', '-').replaceAll('/', '_'));
  const plain = [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text), bytes.toString('hex')];
  return [...new Set([...plain, ...inBase64, ...inUrl]), Buffer.from(text, 'utf16le')];
}
