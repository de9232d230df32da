import {
  computed,
  createEnvironmentInjector,
  effect,
  EnvironmentInjector,
  inject,
  runInInjectionContext,
  Service,
  signal,
  untracked,
} from '@angular/core';
import { allOf, deviceAcross, isInCall, phaseOf, withId } from '#protocol/call-client-state';
import { type CallId } from '#protocol/ids';
import { laterWords } from '../../../i18n/later-words';
import { Toast } from '../../look/toast';
import { Call } from '../call';
import { CallLink } from '../call-link';
import { CallMedia } from '../call-media';
import { CallView } from '../call-view';
import { pictureOf, soundOf } from '../local-media';
import { Peer } from '../peer';
import { CallRecorder, RECORDED_SIZE, recordedType, type Scene } from './call-recorder';
import { type LinkRecordingOptions, type OwnRecorder, RecordingOfLink } from './recording-of-link';
import { type KeptRecording } from './kept-recording';
import { Recordings } from './recordings';

/** How long the stage says why a recording ended, ms. */
const NEWS_MS = 8_000;

/** What is said aloud, and whether it is written, too: not where a mark says the same. */
interface RecordingNews {
  readonly words: string;
  readonly isWritten: boolean;
}
const NO_NEWS: RecordingNews = { words: '', isWritten: false };

interface Kept {
  readonly recording: RecordingOfLink;
  readonly injector: EnvironmentInjector;
}

/** Recordings of this page's calls: that of the current call is what is shown and asked for. */
@Service()
export class CallRecording {
  readonly #call = inject(Call);
  readonly #link = inject(CallLink);
  readonly #media = inject(CallMedia);
  readonly #peer = inject(Peer);
  readonly #view = inject(CallView);
  readonly #toast = inject(Toast);
  readonly #recordings = inject(Recordings);
  readonly #size = inject(RECORDED_SIZE);
  readonly #parent = inject(EnvironmentInjector);
  readonly #t = laterWords();
  readonly #kept = signal<ReadonlyMap<string, Kept>>(new Map());
  readonly #news = signal(NO_NEWS);
  readonly #offered = signal(false);
  readonly #aside = signal<readonly KeptRecording[]>([]);
  #newsTimer: ReturnType<typeof setTimeout> | undefined;

  readonly #current = computed(() => {
    const call = this.#call.state();
    return call.state === 'idle' ? undefined : this.#kept().get(nameOf(call.callId, deviceAcross(call)))?.recording;
  });
  /** What this end records, and what the other end does. */
  readonly own = computed(() => this.#current()?.own() ?? null);
  readonly theirs = computed(() => this.#current()?.theirs() ?? null);
  /** The other person asks. */
  readonly asked = computed(() => this.theirs()?.is === 'asked');
  /** One of them is being made. */
  readonly runs = computed(() => this.own()?.is === 'recording' || this.theirs()?.is === 'recording');
  /** Why this call cannot be recorded; null where it can. */
  readonly obstacle = computed(() => {
    if (recordedType() === undefined) return 'unable';
    return this.#current()?.isOld() === true ? 'old' : null;
  });
  readonly canAsk = computed(() => this.obstacle() === null && this.#current()?.canAsk() === true);
  /** What has just happened to a recording; no words where nothing has. */
  readonly news = this.#news.asReadonly();

  /** No computed signal, which would keep the tracks of a call that is over. */
  readonly #scene = (): Scene => {
    const local = this.#media.local();
    const isSeen = (this.#link.peer()?.video ?? 'none') !== 'none';
    return {
      peer: isSeen ? (this.#link.picture()?.getVideoTracks()[0] ?? null) : null,
      own: pictureOf(local),
      showsScreen: local.screen !== null,
      names: { peer: this.#peer.name(), own: this.#t('call.you') },
      peerSound: this.#link.sound()?.getAudioTracks()[0] ?? null,
      ownSound: soundOf(local),
    };
  };

  readonly #isFree = computed(() => ['none', 'ended'].includes(this.#view.screen()));
  /** No call is in the way, and there are recordings about which this page asks: until the person has read what became of them. */
  readonly offers = computed(() => this.#offered() && this.#isFree());

  constructor() {
    const ends = computed(() =>
      this.#ends()
        .map(({ name }) => name)
        .join(),
    );
    effect(() => {
      ends();
      untracked(() => this.#follow());
    });
    let [theirs, own] = ['none', 'none'];
    effect(() => {
      const [before, mine] = [theirs, own];
      [theirs, own] = [this.theirs()?.is ?? 'none', this.own()?.is ?? 'none'];
      const begins = mine !== own && own === 'recording';
      untracked(() => {
        if (begins) this.#say(this.#t('call.recording.ownBegun'), false);
        this.#tellOfTheirs(before, theirs);
      });
    });
    effect(() => {
      const isNew = this.#recordings.unsaved().some(({ recording }) => !this.#aside().includes(recording));
      if (isNew && this.#isFree()) this.#offered.set(true);
    });
  }

  ask(): void {
    untracked(this.#current)?.ask();
  }

  does(type: 'end' | 'allow' | 'refuse' | 'withdraw'): void {
    untracked(this.#current)?.does(type);
  }

  /** The person decides later: the next page asks again. */
  putAside(): void {
    this.#aside.set(untracked(this.#recordings.unsaved).map(({ recording }) => recording));
    this.#offered.set(false);
  }

  /** Every end of a call that this page is in: the call and the device in its other seat. */
  #ends(): { name: string; callId: CallId }[] {
    return allOf(this.#call.calls())
      .filter(isInCall)
      .map(call => ({ callId: call.callId, name: nameOf(call.callId, deviceAcross(call)) }));
  }

  #follow(): void {
    const ends = this.#ends();
    const before = untracked(this.#kept);
    const isGone = (name: string) => !ends.some(end => end.name === name);
    const gone = [...before].filter(([name]) => isGone(name));
    this.#kept.set(new Map(ends.map(({ name, callId }) => [name, before.get(name) ?? this.#begin(callId)] as const)));
    for (const [, { injector }] of gone) injector.destroy();
  }

  #begin(callId: CallId): Kept {
    const injector = createEnvironmentInjector([], this.#parent);
    const isCurrent = computed(() => {
      const call = this.#call.state();
      return call.state !== 'idle' && call.callId === callId;
    });
    const options: LinkRecordingOptions = {
      channel: () => this.#link.channelOf(callId, 'recording'),
      up: () => {
        const call = withId(this.#call.calls(), callId);
        return call !== undefined && phaseOf(call) === 'connected';
      },
      held: () => !isCurrent() || this.#link.peer()?.held === true,
      recorder: this.#recorderFor(why => recording.failed(why)),
      // What is over with its call needs no word: the file is offered.
      tell: what =>
        (what !== 'over' || withId(untracked(this.#call.calls), callId) !== undefined) &&
        this.#say(this.#t(`call.recording.told.${what}`, this.#name())),
    };
    const recording = runInInjectionContext(injector, () => new RecordingOfLink(options));
    return { injector, recording };
  }

  /** The recorder of one end: made when it begins, fed as the scene changes. */
  #recorderFor(failed: (why: 'unable' | 'full') => void): OwnRecorder {
    let run: { recorder: CallRecorder; over: () => Promise<void> } | null = null;
    return {
      begin: () => {
        run = this.#run(failed);
        // The state that says so is set after this.
        if (run === null) queueMicrotask(() => failed('unable'));
      },
      pause: () => run?.recorder.pause(),
      resume: () => run?.recorder.resume(),
      finish: () => {
        void run?.over();
        run = null;
      },
    };
  }

  #run(failed: (why: 'unable' | 'full') => void) {
    const type = recordedType();
    if (type === undefined) return null;
    const kept = this.#recordings.begin(untracked(this.#peer.name), type);
    try {
      const recorder = new CallRecorder(untracked(this.#scene), type, this.#size, {
        part: part => void kept.add(part).catch(() => failed('full')),
        failed: () => failed('unable'),
      });
      const follows = effect(() => recorder.show(this.#scene()), { injector: this.#parent });
      const over = async () => {
        follows.destroy();
        await recorder.stop();
        await this.#recordings.end(kept, recorder.lasted);
      };
      return { recorder, over };
    } catch {
      void this.#recordings.discard(kept);
      return null;
    }
  }

  #tellOfTheirs(before: string, now: string): void {
    if (before === now) return;
    if (now === 'recording') this.#say(this.#t('call.recording.begun', this.#name()), false);
    else if (before === 'recording') this.#say(this.#t('call.recording.over', this.#name()));
  }

  #name(): { name: string } {
    return { name: untracked(this.#peer.name) };
  }

  #say(words: string, isWritten = true): void {
    clearTimeout(this.#newsTimer);
    this.#news.set({ words, isWritten });
    this.#newsTimer = setTimeout(() => this.#news.set(NO_NEWS), NEWS_MS);
    // The stage and the small view say it in their own place.
    if (!['stage', 'small'].includes(untracked(this.#view.screen))) this.#toast.say(words);
  }
}

const nameOf = (callId: CallId, device: string | undefined): string => `${callId} ${device}`;
