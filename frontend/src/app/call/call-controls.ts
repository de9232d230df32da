import { Component, computed, inject, output } from '@angular/core';
import ellipsis from 'lucide-static/icons/ellipsis.svg';
import messageCircle from 'lucide-static/icons/message-circle.svg';
import mic from 'lucide-static/icons/mic.svg';
import micOff from 'lucide-static/icons/mic-off.svg';
import monitorUp from 'lucide-static/icons/monitor-up.svg';
import phone from 'lucide-static/icons/phone.svg';
import pictureInPicture from 'lucide-static/icons/picture-in-picture-2.svg';
import switchCamera from 'lucide-static/icons/switch-camera.svg';
import video from 'lucide-static/icons/video.svg';
import videoOff from 'lucide-static/icons/video-off.svg';
import { isPlacing } from '#protocol/call-client-state';
import { Words } from '../../i18n/words';
import { Icon } from '../look/icon';
import { Call } from './call';
import { CallMedia } from './call-media';
import { CALL_NEWS } from './call-news';
import { CallView } from './call-view';
import { Peer } from './peer';
import { StagePanels } from './stage-panels';

/** The buttons of a call. A phone has the five it needs; the rest is behind "More". */
@Component({
  selector: 'parley-call-controls',
  imports: [Icon],
  styleUrl: './call-controls.css',
  host: { role: 'group', '[attr.aria-label]': "t('call.callWith', { name: peer.name() })" },
  template: `
    <div class="control">
      <button
        class="round"
        aria-keyshortcuts="M"
        [attr.aria-pressed]="media.muted()"
        [attr.aria-label]="t('call.mute')"
        [title]="t('call.muteKey')"
        (click)="media.toggleMute()"
      >
        <parley-icon [svg]="media.muted() ? icons.micOff : icons.mic" />
      </button>
      <span aria-hidden="true">{{ t('call.mute') }}</span>
    </div>
    <div class="control">
      <button
        class="round"
        aria-keyshortcuts="V"
        [disabled]="camera().is === 'asking'"
        [attr.aria-pressed]="camera().is !== 'on'"
        [attr.aria-label]="t('call.cameraOff')"
        [title]="t('call.cameraKey')"
        (click)="media.toggleCamera()"
      >
        <parley-icon [svg]="camera().is === 'on' ? icons.video : icons.videoOff" />
      </button>
      <span aria-hidden="true">{{ t('call.camera') }}</span>
    </div>
    @if (flips()) {
      <div class="control narrow">
        <button class="round" [attr.aria-label]="t('call.flip')" (click)="media.flip()">
          <parley-icon [svg]="icons.switchCamera" />
        </button>
      </div>
    }
    @if (!placing()) {
      @if (shares) {
        <div class="control wide">
          <button
            class="round"
            [attr.aria-pressed]="media.local().screen !== null"
            [attr.aria-label]="t('call.shareScreen')"
            (click)="media.toggleScreen()"
          >
            <parley-icon [svg]="icons.monitorUp" />
          </button>
          <span aria-hidden="true">{{ t('call.share') }}</span>
        </div>
      }
      @if (peer.conversation()) {
        <div class="control wide">
          <button
            class="round"
            [attr.aria-pressed]="view.chat()"
            [class.news]="hasNews()"
            [attr.aria-label]="t(hasNews() ? 'call.chatNews' : 'call.chat')"
            (click)="chat.emit()"
          >
            <parley-icon [svg]="icons.messageCircle" />
          </button>
          <span aria-hidden="true">{{ t('call.chat') }}</span>
        </div>
      }
      <div class="control wide">
        <button
          class="round"
          aria-keyshortcuts="Escape"
          [attr.aria-label]="t('call.smallView')"
          [title]="t('call.smallKey')"
          (click)="view.shrink()"
        >
          <parley-icon [svg]="icons.pictureInPicture" />
        </button>
        <span aria-hidden="true">{{ t('call.small') }}</span>
      </div>
      <div class="control">
        <button
          class="round"
          [class.narrow-news]="hasNews()"
          aria-haspopup="dialog"
          [attr.aria-expanded]="panels.open() !== null"
          [attr.aria-label]="t('call.more')"
          (click)="panels.open.set('more')"
        >
          <parley-icon [svg]="icons.ellipsis" />
        </button>
        <span aria-hidden="true">{{ t('call.more') }}</span>
      </div>
    }
    <div class="control">
      <button
        class="round hang-up"
        [attr.aria-label]="t(placing() ? 'call.cancel' : 'call.hangUp')"
        (click)="call.leave()"
      >
        <parley-icon [svg]="icons.phone" />
      </button>
      <span aria-hidden="true">{{ t('call.hangUp') }}</span>
    </div>
  `,
})
export class CallControls {
  protected readonly call = inject(Call);
  protected readonly media = inject(CallMedia);
  protected readonly view = inject(CallView);
  protected readonly panels = inject(StagePanels);
  protected readonly peer = inject(Peer);
  readonly #news = inject(CALL_NEWS, { optional: true });
  protected readonly t = inject(Words).t;
  protected readonly icons = {
    ellipsis,
    messageCircle,
    mic,
    micOff,
    monitorUp,
    phone,
    pictureInPicture,
    switchCamera,
    video,
    videoOff,
  };

  readonly chat = output();

  protected readonly placing = computed(() => isPlacing(this.call.state()));
  /** Something in the conversation with this person was not read yet. */
  protected readonly hasNews = computed(() => {
    const conversation = this.peer.conversation();
    return conversation !== undefined && this.#news?.hasUnread(conversation) === true;
  });
  protected readonly camera = computed(() => this.media.local().camera);
  protected readonly flips = computed(() => this.camera().is === 'on' && this.media.devices().camera.length > 1);
  /** Phones have no screen sharing. */
  protected readonly shares = 'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices;
}
