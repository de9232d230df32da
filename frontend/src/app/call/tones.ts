/** A tone of a melody: when it begins and how long it sounds, in seconds from the start of a round, and its pitch in Hz. */
interface Tone {
  readonly at: number;
  readonly lasts: number;
  readonly hertz: number;
}

/** One round of a sound that is repeated. `level` is the loudest it gets, 0 to 1. */
interface Melody {
  readonly tones: readonly Tone[];
  readonly roundSeconds: number;
  readonly level: number;
}

export const RINGTONE_NAMES = ['voices', 'harbour', 'bell'] as const;
export type RingtoneName = (typeof RINGTONE_NAMES)[number];

/** Somebody rings: what a person can choose from. */
export const RINGTONES: Readonly<Record<RingtoneName, Melody>> = {
  /** Two voices that answer each other. */
  voices: {
    tones: [
      { at: 0, lasts: 0.5, hertz: 659.3 },
      { at: 0.18, lasts: 0.5, hertz: 830.6 },
      { at: 0.36, lasts: 0.9, hertz: 987.8 },
      { at: 0.9, lasts: 0.5, hertz: 830.6 },
      { at: 1.08, lasts: 1, hertz: 1244.5 },
    ],
    roundSeconds: 3,
    level: 0.3,
  },
  /** Low and slow, as ships do. */
  harbour: {
    tones: [
      { at: 0, lasts: 1.4, hertz: 293.7 },
      { at: 0.7, lasts: 1.6, hertz: 392 },
      { at: 1.4, lasts: 1.8, hertz: 440 },
    ],
    roundSeconds: 4,
    level: 0.32,
  },
  /** The double stroke of a telephone. */
  bell: {
    tones: [0, 0.12, 0.24, 0.36, 0.9, 1.02, 1.14, 1.26].map((at, stroke) => ({
      at,
      lasts: 0.35,
      hertz: stroke % 2 === 0 ? 1046.5 : 1318.5,
    })),
    roundSeconds: 3.2,
    level: 0.24,
  },
};

/** It rings at the other end: quiet, once in four seconds. */
export const RINGBACK: Melody = {
  tones: [{ at: 0.2, lasts: 1.1, hertz: 425 }],
  roundSeconds: 4,
  level: 0.07,
};

/** Tries a speaker. */
export const CHECK_TONE: Melody = {
  tones: [
    { at: 0, lasts: 0.5, hertz: 659.3 },
    { at: 0.25, lasts: 0.9, hertz: 987.8 },
  ],
  roundSeconds: 1.3,
  level: 0.3,
};

/** Somebody rings during a call: two short knocks, seldom and quiet enough to be talked over. */
export const WAITING_TONE: Melody = {
  tones: [
    { at: 0, lasts: 0.2, hertz: 440 },
    { at: 0.3, lasts: 0.2, hertz: 440 },
  ],
  roundSeconds: 5,
  level: 0.1,
};

/** A sound that goes on until it is stopped. */
export interface Sounding {
  /** Whether it is really heard: a page nobody has touched may be refused sound (autoplay rules). */
  readonly heard: () => boolean;
  readonly stop: () => void;
}

/**
 * Plays a melody, made by the browser itself (Web Audio): no file to load, none to be refused by a codec. All rounds are
 * scheduled at once, because timers of a hidden page are late.
 *
 * @param seconds for how long at most
 * @param changed told when `heard` may have changed
 * @param speaker the id of an output device, where not the system's own is to be used and the browser can choose
 */
export function sound(melody: Melody, seconds: number, changed: () => void, speaker?: string): Sounding {
  const context: AudioContext & { setSinkId?: (id: string) => Promise<void> } = new AudioContext();
  if (speaker !== undefined) void context.setSinkId?.(speaker)?.catch(() => undefined);
  const ended = new AbortController();
  const wake = () => void context.resume().catch(() => undefined);
  let begun = false;
  const follow = () => {
    if (context.state === 'running' && !begun) {
      begun = true;
      play(context, melody, seconds);
    }
    changed();
  };
  context.addEventListener('statechange', follow, { signal: ended.signal });
  for (const gesture of ['pointerdown', 'keydown']) addEventListener(gesture, wake, { signal: ended.signal });
  wake();
  const stop = () => {
    ended.abort();
    void context.close().catch(() => undefined);
  };
  return { heard: () => context.state === 'running', stop };
}

function play(context: AudioContext, { tones, roundSeconds, level }: Melody, seconds: number): void {
  for (let round = 0; round * roundSeconds < seconds; round++) {
    for (const tone of tones) strike(context, tone, round * roundSeconds, level);
  }
}

/** One soft stroke: a sine and a little of its octave, that fade like a bell. */
function strike(context: AudioContext, { at, lasts, hertz }: Tone, offset: number, level: number): void {
  const from = context.currentTime + offset + at;
  const gain = context.createGain();
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(level, from + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, from + lasts);
  gain.connect(context.destination);
  for (const [factor, share] of [[1, 1] as const, [2, 0.25] as const]) {
    const voice = context.createOscillator();
    const part = context.createGain();
    voice.frequency.value = hertz * factor;
    part.gain.value = share;
    voice.connect(part).connect(gain);
    voice.start(from);
    voice.stop(from + lasts);
  }
}
