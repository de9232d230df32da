import {
  afterNextRender,
  Component,
  computed,
  type ElementRef,
  inject,
  Injector,
  signal,
  viewChild,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import chevron from 'lucide-static/icons/chevron-right.svg';
import circleCheck from 'lucide-static/icons/circle-check.svg';
import circleX from 'lucide-static/icons/circle-x.svg';
import key from 'lucide-static/icons/key-round.svg';
import lock from 'lucide-static/icons/lock-keyhole.svg';
import message from 'lucide-static/icons/message-circle.svg';
import qrCode from 'lucide-static/icons/qr-code.svg';
import shieldAlert from 'lucide-static/icons/shield-alert.svg';
import users from 'lucide-static/icons/users-round.svg';
import { laterWords } from '../../i18n/later-words';
import { type Key } from '../../i18n/words';
import { type KeyState, OwnKeys } from '../crypto/own-keys';
import { Back } from '../look/back';
import { Confirm } from '../look/confirm';
import { Icon } from '../look/icon';
import { KeyCode } from './key-code';
import { KeyDevice } from './key-device';
import { KeyPassword } from './key-password';
import { Leaving } from './leaving';
import { SettingPage } from './setting-page';

const HEADINGS: Readonly<Record<KeyState, Key>> = {
  unknown: 'keys.title',
  none: 'keys.lock.title',
  locked: 'keys.open.title',
  own: 'keys.title',
  removed: 'keys.title',
  replaced: 'keys.title',
  closed: 'keys.title',
};

/** How a person who cannot open their key proves that it is theirs. */
type Way = 'password' | 'device' | 'code' | 'new';

/** This person's key: made once by the password, opened on a new device, or made anew where nothing opens it. */
@Component({
  selector: 'parley-keys-page',
  imports: [Icon, KeyCode, KeyDevice, KeyPassword, RouterLink, SettingPage],
  templateUrl: './keys-page.html',
  styleUrl: './keys-page.css',
})
export class KeysPage {
  readonly #back = inject(Back);
  readonly #confirm = inject(Confirm);
  readonly #injector = inject(Injector);
  private readonly top = viewChild<ElementRef<HTMLElement>>('top');
  protected readonly t = laterWords();
  protected readonly leaving = inject(Leaving);
  protected readonly icons = { chevron, circleCheck, circleX, key, lock, message, qrCode, shieldAlert, users };

  readonly #keys = inject(OwnKeys);
  protected readonly state = this.#keys.state;
  protected readonly heading = computed(() => HEADINGS[this.state()]);
  protected readonly way = signal<Way>('password');

  protected readonly unlock = (keys: OwnKeys, password: string) => keys.unlock(password);
  protected readonly startNew = (keys: OwnKeys, password: string) => keys.startNew(password);
  protected readonly sure = (): Promise<boolean> =>
    this.#confirm.ask({
      title: this.t('keys.new.sure'),
      sentence: this.t('keys.new.sureSentence'),
      action: this.t('keys.new.action'),
      danger: true,
    });

  protected async beginAgain(): Promise<void> {
    const sure = await this.#confirm.ask({
      title: this.t('keys.closed.sure'),
      sentence: this.t('keys.closed.sureSentence'),
      action: this.t('keys.closed.action'),
      danger: true,
    });
    if (sure) await this.#keys.beginAgain();
  }

  /** What had the focus is gone with the way before. */
  protected go(way: Way): void {
    this.way.set(way);
    afterNextRender(() => this.top()?.nativeElement.focus(), { injector: this.#injector });
  }

  protected later(): void {
    void this.#back.go('/chats');
  }
}
