import { type Page } from '#protocol/api/page';
import { type RetractedMessage } from '#protocol/chat-frames';
import { type Result } from '#protocol/result';
import { type Failure } from '../account/fetch-json';
import { type Plain } from '../crypto/opened';
import { type Conversation, type Listed, type Stored } from './conversation';

/** What the page asks of the data worker. `n`: the number of a page of the list, which is asked for first. */
export type ToDataWorker =
  | { readonly ask: 'list'; readonly n: number; readonly path: string; readonly token: string; readonly plain: Plain }
  | {
      readonly ask: 'keep';
      readonly n: number;
      /** The name of the database; undefined where there is none, and they are handed over. */
      readonly database: string | undefined;
      /** The conversations of the page as they are once its entries are stored. */
      readonly after: readonly Conversation[];
      readonly gone: readonly RetractedMessage[];
    };

/** Its answers: a page of the list without its entries, and that they are stored. Where they cannot be, they are handed over. */
export type FromDataWorker =
  | { readonly n: number; readonly listed: Result<Page<Listed>, Failure> }
  | { readonly n: number; readonly unkept: readonly Stored[] | undefined };
