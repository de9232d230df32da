import { inject, Service } from '@angular/core';
import { type CallEntry } from '#protocol/api/calls';
import { duration } from '../../i18n/dates';
import { Words } from '../../i18n/words';
import { Contacts } from '../contacts/contacts';
import { OUTCOME_WORDS, outcomeOf, talkedMs } from './call-entries';

/** What is said of calls, the same in the log, in a conversation and in the list of chats. */
@Service()
export class CallPhrases {
  readonly #words = inject(Words);
  readonly #contacts = inject(Contacts);

  /** "Video call · 2:21", "Call · No answer", "Missed video call" */
  of(entry: CallEntry): string {
    const { t } = this.#words;
    const outcome = outcomeOf(entry);
    if (outcome === 'missed') return t(`callLog.one.missed.${entry.media}`);
    const kind = t(`callLog.one.${entry.media}`);
    const talked = talkedMs(entry);
    if (outcome === 'talked') return talked === undefined ? kind : `${kind} · ${duration(talked)}`;
    return `${kind} · ${this.#untalked(entry, outcome)}`;
  }

  /** The same of some in a row that came to nothing alike: "3 missed calls", "2 calls · No answer" */
  ofRun(entries: readonly [CallEntry, ...CallEntry[]]): string {
    const [first] = entries;
    if (entries.length === 1) return this.of(first);
    const outcome = outcomeOf(first);
    if (outcome === 'missed') return this.#words.count('app.missed', entries.length);
    const calls = this.#words.count('callLog.calls', entries.length);
    return outcome === 'talked' ? calls : `${calls} · ${this.#untalked(first, outcome)}`;
  }

  #untalked(entry: CallEntry, outcome: keyof typeof OUTCOME_WORDS): string {
    if (outcome === 'declined' && entry.direction === 'incoming') return this.#words.t('callLog.outcome.youDeclined');
    const name = this.#contacts.asKnown(entry.others[0]).displayName;
    return this.#words.t(OUTCOME_WORDS[outcome], { name });
  }
}
