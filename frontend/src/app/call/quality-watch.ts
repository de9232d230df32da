import { computed, effect, inject, InjectionToken, Service, signal, untracked } from '@angular/core';
import { phaseOf } from '#protocol/call-client-state';
import { Call } from './call';
import { CallLink } from './call-link';
import { CallMedia } from './call-media';
import { nextQuality, type QualityState, UNMEASURED, withPausedPeer } from './call-quality';
import { CallSettings, type Settings } from './call-settings';
import { LinkQuality } from './link-quality';
import { type LinkSample, sampleOf } from './link-sample';
import { pictureOf } from './local-media';
import { type VideoLevel } from './video-level';
import { type Link } from './webrtc';

/** How often the statistics are looked at, ms. */
export const LOOK_EVERY = new InjectionToken('how often a link is looked at', { factory: () => 2_000 });
/** How far back the samples go, ms. */
const HISTORY_MS = 120_000;

/** What each level asks of the encoder (RTCRtpEncodingParameters). */
const ENCODING: Record<VideoLevel, { active: boolean; scaleResolutionDownBy: number; maxBitrate: number }> = {
  full: { active: true, scaleResolutionDownBy: 1, maxBitrate: 2_500_000 },
  smaller: { active: true, scaleResolutionDownBy: 2, maxBitrate: 250_000 },
  paused: { active: false, scaleResolutionDownBy: 2, maxBitrate: 250_000 },
};
/** What a person has chosen for a picture that goes out whole. */
const PRESET: Record<Settings['pictures'], Partial<(typeof ENCODING)['full']>> = {
  auto: {},
  save: { scaleResolutionDownBy: 2, maxBitrate: 250_000 },
  high: { maxBitrate: 5_000_000 },
};

/** Looks after the quality of a connected call: says it in words, and sends less picture where sound would suffer. */
@Service()
export class QualityWatch {
  readonly #call = inject(Call);
  readonly #link = inject(CallLink);
  readonly #media = inject(CallMedia);
  readonly #settings = inject(CallSettings);
  readonly #every = inject(LOOK_EVERY);
  readonly #state = signal<QualityState>(UNMEASURED);
  readonly #history = signal<readonly LinkSample[]>([]);
  readonly #report = signal<RTCStatsReport | null>(null);
  /** Of a call that the peer holds nothing comes, which says nothing about the network. */
  readonly #watched = computed(() =>
    phaseOf(this.#call.state()) === 'connected' && this.#link.peer()?.held !== true ? this.#link.link() : null,
  );

  readonly quality = computed(() => {
    const { quality } = this.#state();
    return quality !== null && this.#link.peer()?.paused === true ? withPausedPeer(quality) : quality;
  });
  readonly video = computed(() => this.#state().video.level);
  /** The samples of the last two minutes, oldest first. */
  readonly history = this.#history.asReadonly();
  /** The statistics that were looked at last. */
  readonly report = this.#report.asReadonly();

  constructor() {
    effect(stop => {
      const link = this.#watched();
      untracked(() => {
        this.#state.set(UNMEASURED);
        this.#history.set([]);
        this.#report.set(null);
      });
      if (link === null) return;
      const timer = setInterval(() => void this.#look(link), this.#every);
      stop(() => clearInterval(timer));
    });
    effect(() => void this.#limit(this.#watched()));
    effect(() => this.#media.paused.set(this.video() === 'paused'));
    const said = inject(LinkQuality);
    effect(() => {
      said.quality.set(this.quality());
      said.video.set(this.video());
    });
  }

  async #look(link: Link): Promise<void> {
    const report = await link.stats();
    if (report === undefined || untracked(this.#watched) !== link) return;
    const sample = sampleOf(report, performance.now());
    const pictured = pictureOf(untracked(this.#media.local)) !== null;
    this.#report.set(report);
    this.#history.update(samples => [...samples.filter(({ at }) => sample.at - at <= HISTORY_MS), sample]);
    this.#state.update(state => nextQuality(state, sample, pictured));
    await untracked(() => this.#limit(link));
  }

  #limit(link: Link | null): Promise<void> {
    return limit(link, this.video(), this.#settings.now().pictures);
  }
}

async function limit(link: Link | null, level: VideoLevel, pictures: Settings['pictures']): Promise<void> {
  const sender = link?.sender('video');
  const parameters = sender?.getParameters();
  const encoding = parameters?.encodings[0];
  if (!sender || !parameters || !encoding) return;
  const wanted = { ...ENCODING[level], ...(level === 'full' && PRESET[pictures]) };
  if (Object.entries(wanted).every(([name, value]) => encoding[name as keyof typeof wanted] === value)) return;
  Object.assign(encoding, wanted);
  // Rejected while the link is renegotiated, or other parameters are being set: the next look sets them again.
  await sender.setParameters(parameters).catch(() => undefined);
}
