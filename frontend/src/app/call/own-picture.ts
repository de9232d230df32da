import { Component, computed, input, output } from '@angular/core';
import mic from 'lucide-static/icons/mic.svg';
import micOff from 'lucide-static/icons/mic-off.svg';
import switchCamera from 'lucide-static/icons/switch-camera.svg';
import video from 'lucide-static/icons/video.svg';
import videoOff from 'lucide-static/icons/video-off.svg';
import { laterWords } from '../../i18n/later-words';
import { Icon } from '../look/icon';
import { type LocalState, pictureOf } from './local-media';
import { Play } from './play';

/** One's own picture before a call, and the buttons of its microphone and camera. Its parent gives it a size. */
@Component({
  selector: 'parley-own-picture',
  imports: [Icon, Play],
  host: { class: 'always-dark' },
  styleUrl: './own-picture.css',
  template: `
    @if (picture(); as picture) {
      <video
        [parleyPlay]="picture"
        [class.mirrored]="local().facing === 'user'"
        [muted]="true"
        autoplay
        playsinline
      ></video>
    } @else {
      <parley-icon [svg]="icons.videoOff" />
    }
    <div class="shade"></div>
    <div class="round-buttons">
      <button class="round" [attr.aria-pressed]="muted()" [attr.aria-label]="t('call.mute')" (click)="mute.emit()">
        <parley-icon [svg]="muted() ? icons.micOff : icons.mic" />
      </button>
      <button
        class="round"
        [disabled]="local().camera.is === 'asking'"
        [attr.aria-pressed]="local().camera.is !== 'on'"
        [attr.aria-label]="t('call.cameraOff')"
        (click)="camera.emit()"
      >
        <parley-icon [svg]="local().camera.is === 'on' ? icons.video : icons.videoOff" />
      </button>
      @if (cameras() > 1) {
        <button class="round" [attr.aria-label]="t('call.flip')" (click)="flip.emit()">
          <parley-icon [svg]="icons.switchCamera" />
        </button>
      }
    </div>
  `,
})
export class OwnPicture {
  readonly local = input.required<LocalState>();
  /** Nothing that is said here would be sent. */
  readonly muted = input.required<boolean>();
  /** How many cameras there are. */
  readonly cameras = input.required<number>();
  /** Mute or unmute; turn the camera off or on; take the next camera. */
  readonly mute = output();
  readonly camera = output();
  readonly flip = output();

  protected readonly t = laterWords();
  protected readonly icons = { mic, micOff, switchCamera, video, videoOff };
  protected readonly picture = computed(() => {
    const own = pictureOf(this.local());
    return own === null ? null : new MediaStream([own]);
  });
}
