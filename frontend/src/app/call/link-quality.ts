import { Service, signal } from '@angular/core';
import { type Quality } from './call-quality';
import { type VideoLevel } from './video-level';

/** What the quality watch says of the current call. It comes with the sheets of a call; until then nothing is said. */
@Service()
export class LinkQuality {
  readonly quality = signal<Quality | null>(null);
  /** How much of one's own picture is sent. */
  readonly video = signal<VideoLevel>('full');
}
