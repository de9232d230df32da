import type { MessageId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import type { Talk } from './talk.ts';
import type { TestClient } from './test-client.ts';
import { newId } from './new-id.ts';

/** How often it is looked whether something is true, in ms: half a minute of it must not keep a core busy. */
const LOOK_MS = 5;

/** Somebody who writes as the app does: what was not acknowledged is kept, and said again under the same id until it is. */
export class Writer {
  /** The text at each `seq` that was acknowledged. */
  readonly acknowledged = new Map<number, string>();
  /** How often a post was refused for now. */
  refused = 0;
  /** The longest that a post has waited for its answer, in ms. */
  longestMs = 0;
  readonly #waiting = new Map<string, string>();
  /** When each post was said last that has no answer yet, in ms of `performance.now()`. */
  readonly #said = new Map<string, number>();
  /** What was refused for now, and from when on it is said again, in ms of `performance.now()`. */
  readonly #resting = new Map<string, number>();
  readonly #talk: Talk;
  line: TestClient;

  constructor(talk: Talk, line: TestClient) {
    this.#talk = talk;
    this.line = line;
  }

  write(...texts: string[]): void {
    for (const text of texts) {
      const id = newId<MessageId>();
      this.#waiting.set(id, text);
      this.#post(id, text);
    }
  }

  /** What waits is said again on this line, which has a new session. */
  on(line: TestClient): void {
    this.#hear();
    this.line = line;
    this.#resting.clear();
    for (const [id, text] of this.#waiting) this.#post(anId(id), text);
  }

  /** Goes on asking until something is true. */
  async until(what: () => boolean | Promise<boolean>): Promise<void> {
    for (this.#hear(); !(await what()); this.#hear()) await new Promise(resolve => setTimeout(resolve, LOOK_MS));
  }

  settled(): Promise<void> {
    return this.until(() => this.#waiting.size === 0);
  }

  #post(id: MessageId, text: string): void {
    this.#said.set(id, performance.now());
    this.#talk.post(this.line, text, id);
  }

  #answered(id: string): void {
    this.longestMs = Math.max(this.longestMs, performance.now() - (this.#said.get(id) ?? Infinity));
    this.#said.delete(id);
  }

  #hear(): void {
    for (const { id, seq } of this.line.drain('chat.posted')) {
      this.#answered(id);
      this.acknowledged.set(seq, this.#waiting.get(id) ?? '');
      this.#waiting.delete(id);
    }
    for (const { re, code, retryMs } of this.line.drain('fault')) {
      if (code !== 'try-later' || retryMs === undefined) throw new Error(`${re.type} was refused: ${code}`);
      this.refused++;
      if (re.id === undefined) continue;
      this.#answered(re.id);
      this.#resting.set(re.id, performance.now() + retryMs);
    }
    for (const [id, from] of this.#resting) {
      if (from > performance.now()) continue;
      this.#resting.delete(id);
      const text = this.#waiting.get(id);
      if (text !== undefined) this.#post(anId(id), text);
    }
  }
}
