/** Fetches, decodes and stores what a device does not draw at once, beside the page's own thread. What needs a key stays sealed. */
import { conversation, type Conversation as ServerConversation } from '#protocol/api/conversations';
import { type Page } from '#protocol/api/page';
import { ok } from '#protocol/result';
import { call } from '../account/fetch-json';
import { openedWithoutKeys } from '../crypto/opening';
import { putRows, type Replacing } from '../device/put-rows';
import { inParts, listPageOf } from './arrived';
import { type Conversation, keptOr, newerOf, type Stored } from './conversation';
import { type FromDataWorker, type ToDataWorker } from './data-frames';

/** Entries that wait to be stored, by the number of their page. */
const waiting = new Map<number, readonly Stored[]>();

addEventListener('message', ({ data }: MessageEvent<ToDataWorker>) => {
  void (data.ask === 'list' ? list(data) : keep(data));
});

/** What was opened before stays so, and what the page has heard while a list was fetched is newer than that. */
const REPLACING: Replacing = {
  messages: (kept, row) => keptOr(kept as Stored | undefined, row as Stored),
  conversations: (kept, row) => newerOf(kept as Conversation | undefined, row as Conversation),
};

const say = (answer: FromDataWorker): void => postMessage(answer);

async function list({ n, path, token, plain }: ToDataWorker & { ask: 'list' }): Promise<void> {
  const answer = await call<Page<ServerConversation>>('GET', path, { row: conversation }, token);
  if (!answer.ok) return say({ n, listed: answer });
  const { page, entries } = await listPageOf(answer.value, async message => openedWithoutKeys(message, plain));
  waiting.set(n, entries);
  say({ n, listed: ok(page) });
}

async function keep({ n, database, after, gone }: ToDataWorker & { ask: 'keep' }): Promise<void> {
  const entries = waiting.get(n) ?? [];
  waiting.delete(n);
  const parts = inParts(entries, after, gone);
  const rows = parts.map(part => ({ messages: part.entries, conversations: part.after }));
  const isKept =
    database !== undefined &&
    (await putRows(database, rows, REPLACING).then(
      () => true,
      () => false,
    ));
  say({ n, unkept: isKept ? undefined : entries });
}
