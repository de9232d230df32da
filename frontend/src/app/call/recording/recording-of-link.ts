import { computed, DestroyRef, effect, inject, signal, untracked } from '@angular/core';
import {
  canAsk,
  nextRecordings,
  NO_RECORDINGS,
  recordingDeadline,
  type RecordingEffect,
  type RecordingEvent,
  type Recordings,
} from '#protocol/direct/recording';
import { readRecordingMessage, recordingId, writeRecordingMessage } from '#protocol/direct/recording-messages';
import { followChannel } from '../follow-channel';
import { type PeerChannel } from '../peer-channel';

/** What happens to the recording of this end. */
export interface OwnRecorder {
  begin(): void;
  pause(): void;
  resume(): void;
  finish(): void;
}
type Tell = Extract<RecordingEffect, { do: 'tell' }>['what'];

export interface LinkRecordingOptions {
  /** Of the call's link, which another one may take the place of. */
  readonly channel: () => PeerChannel | null;
  /** Sound and picture arrive. */
  readonly up: () => boolean;
  /** Either person holds the call. */
  readonly held: () => boolean;
  readonly recorder: OwnRecorder;
  readonly tell: (what: Tell) => void;
}

/**
 * Recordings between the two devices of a call, and the consent to them: the shell around the machine of
 * `#protocol/direct/recording`. To be made in an injection context, and over with it.
 */
export class RecordingOfLink {
  readonly #state = signal<Recordings>(NO_RECORDINGS);
  readonly #options: LinkRecordingOptions;
  readonly #channel: () => PeerChannel | null;

  readonly own = computed(() => this.#state().own);
  readonly theirs = computed(() => this.#state().theirs);
  readonly canAsk = computed(() => canAsk(this.#state()));
  /** The other app does not know of recordings. */
  readonly isOld = computed(() => this.#state().open && !this.#state().known);

  constructor(options: LinkRecordingOptions) {
    this.#options = options;
    this.#channel = followChannel(options.channel, {
      opened: () => this.#dispatch({ type: 'opened' }),
      heard: (data, channel) => this.#hear(channel, data),
      lost: () => this.#dispatch({ type: 'lost' }),
    });
    effect(() => {
      const up = options.up();
      untracked(() => this.#dispatch({ type: 'media', up }));
    });
    effect(() => {
      const held = options.held();
      untracked(() => this.#dispatch({ type: 'hold', held }));
    });
    effect(stop => {
      const due = recordingDeadline(this.#state());
      if (due === null) return;
      const timer = setTimeout(() => this.#dispatch({ type: 'time' }), Math.max(0, due - performance.now()));
      stop(() => clearTimeout(timer));
    });
    inject(DestroyRef).onDestroy(() => this.#dispatch({ type: 'over' }));
  }

  /** Asks the other person. */
  ask(): void {
    this.#dispatch({ type: 'ask', id: recordingId.parse(crypto.randomUUID()) });
  }

  does(type: 'end' | 'allow' | 'refuse' | 'withdraw'): void {
    this.#dispatch({ type });
  }

  /** This device cannot go on with its own recording. */
  failed(why: 'unable' | 'full'): void {
    this.#dispatch({ type: 'failed', why });
  }

  #hear(channel: PeerChannel, data: unknown): void {
    const message = readRecordingMessage(data);
    if (message.ok) this.#dispatch({ type: 'message', message: message.value });
    else channel.close();
  }

  #dispatch(event: RecordingEvent): void {
    const [state, effects] = nextRecordings(untracked(this.#state), event, performance.now());
    this.#state.set(state);
    for (const one of effects) this.#perform(one);
  }

  #perform(effect: RecordingEffect): void {
    switch (effect.do) {
      case 'send':
        return this.#channel()?.open?.send(writeRecordingMessage(effect.message));
      case 'tell':
        return this.#options.tell(effect.what);
      default:
        return this.#options.recorder[effect.do]();
    }
  }
}
