import { computed, effect, inject, Service, signal, untracked } from '@angular/core';
import { phaseOf } from '#protocol/call-client-state';
import { Call } from './call';
import { CallLink } from './call-link';
import { CallMedia } from './call-media';
import { nextQuality, type QualityState, sampleOf, UNMEASURED, type VideoLevel } from './call-quality';
import { type Link } from './webrtc';

/** How often the statistics are looked at. */
const LOOK_MS = 2_000;

/** What each level asks of the encoder (RTCRtpEncodingParameters). */
const ENCODING: Record<VideoLevel, { active: boolean; scaleResolutionDownBy: number; maxBitrate: number }> = {
  full: { active: true, scaleResolutionDownBy: 1, maxBitrate: 2_500_000 },
  smaller: { active: true, scaleResolutionDownBy: 2, maxBitrate: 250_000 },
  paused: { active: false, scaleResolutionDownBy: 2, maxBitrate: 250_000 },
};

/** Looks after the quality of a connected call: says it in words, and sends less picture where sound would suffer. */
@Service()
export class QualityWatch {
  readonly #call = inject(Call);
  readonly #link = inject(CallLink);
  readonly #media = inject(CallMedia);
  readonly #state = signal<QualityState>(UNMEASURED);
  readonly #watched = computed(() => (phaseOf(this.#call.state()) === 'connected' ? this.#link.link() : null));

  readonly quality = computed(() => this.#state().quality);
  readonly video = computed(() => this.#state().video);

  constructor() {
    effect(stop => {
      const link = this.#watched();
      untracked(() => this.#state.set(UNMEASURED));
      if (link === null) return;
      const timer = setInterval(() => void this.#look(link), LOOK_MS);
      stop(() => clearInterval(timer));
    });
    effect(() => void limit(this.#watched(), this.video()));
    effect(() => this.#media.paused.set(this.video() === 'paused'));
  }

  async #look(link: Link): Promise<void> {
    const report = await link.stats();
    if (report === undefined || untracked(this.#watched) !== link) return;
    this.#state.update(state => nextQuality(state, sampleOf(report, performance.now())));
  }
}

async function limit(link: Link | null, level: VideoLevel): Promise<void> {
  const sender = link?.sender('video');
  const parameters = sender?.getParameters();
  const encoding = parameters?.encodings[0];
  if (!sender || !parameters || !encoding) return;
  Object.assign(encoding, ENCODING[level]);
  // Rejected when the link is renegotiated or closed this moment; the next change of level sets it again.
  await sender.setParameters(parameters).catch(() => undefined);
}
