import {
  afterNextRender,
  Component,
  computed,
  effect,
  type ElementRef,
  inject,
  Injector,
  input,
  linkedSignal,
  untracked,
  viewChild,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import chevronRight from 'lucide-static/icons/chevron-right.svg';
import scan from 'lucide-static/icons/scan-line.svg';
import shield from 'lucide-static/icons/shield.svg';
import shieldAlert from 'lucide-static/icons/shield-alert.svg';
import shieldCheck from 'lucide-static/icons/shield-check.svg';
import video from 'lucide-static/icons/video.svg';
import { Dates } from '../../i18n/dates';
import { laterWords } from '../../i18n/later-words';
import { type Key } from '../../i18n/words';
import { Account } from '../account/account';
import { CodeScanner, type CameraProblems } from '../account/code-scanner';
import { userIdIn } from '../account/no-id';
import { ComparingInPerson, isCodeToCompare, type Compared } from '../crypto/comparing-in-person';
import { TrustOf } from '../crypto/trust-of';
import { BackLink } from '../look/back';
import { EmptyState } from '../look/empty-state';
import { Icon } from '../look/icon';
import { Outcome } from '../look/outcome';
import { PageHeader } from '../look/page-header';
import { PageTitle } from '../look/page-title';
import { QrCode } from '../look/qr-code';
import { Avatar } from './avatar';
import { CALL_STARTER, callOffer } from './call-starter';
import { Contacts } from './contacts';

const CAMERA: CameraProblems = {
  refused: 'verify.camera.refused',
  noCamera: 'verify.camera.none',
  cameraBusy: 'verify.camera.busy',
  unread: 'verify.camera.unread',
};
/** What is said of a scan that was not of the right code; the others have a picture of their own. */
const NOTES: Readonly<Partial<Record<Compared, Key>>> = {
  'other-person': 'verify.note.otherPerson',
  'own-code': 'verify.note.ownCode',
  'other-version': 'verify.note.otherVersion',
  'not-kept': 'verify.note.notKept',
};
const MISMATCH: Readonly<Partial<Record<Compared, Key>>> = {
  'other-identity': 'verify.mismatch.theirs',
  'other-own': 'verify.mismatch.own',
};

/** Two people who are together find out, by one scan, that nobody stands between their devices. */
@Component({
  selector: 'parley-verify-page',
  imports: [Avatar, BackLink, CodeScanner, EmptyState, Icon, Outcome, PageHeader, QrCode, RouterLink],
  providers: [ComparingInPerson],
  templateUrl: './verify-page.html',
  styleUrl: './verify-page.css',
})
export class VerifyPage {
  readonly userId = input.required({ transform: userIdIn });

  readonly #contacts = inject(Contacts);
  readonly #trust = inject(TrustOf);
  readonly #starter = inject(CALL_STARTER, { optional: true });
  readonly #dates = inject(Dates);
  readonly #injector = inject(Injector);
  protected readonly comparing = inject(ComparingInPerson);
  protected readonly me = inject(Account).me;
  protected readonly t = laterWords();
  protected readonly icons = { chevronRight, scan, shield, shieldAlert, shieldCheck, video };
  protected readonly camera = CAMERA;
  protected readonly isCode = isCodeToCompare;
  protected readonly canScan = 'mediaDevices' in navigator;
  private readonly outcome = viewChild(Outcome);
  private readonly scanButton = viewChild<ElementRef<HTMLElement>>('scanButton');

  protected readonly contact = computed(() => {
    const contact = this.#contacts.of(this.userId());
    return contact?.state === 'accepted' ? contact : undefined;
  });
  protected readonly isLoading = computed(() => this.#contacts.status() === 'loading');
  protected readonly name = computed(() => ({ name: this.contact()?.person.displayName ?? '' }));
  protected readonly above = computed(() => `/contacts/${this.userId()}`);
  readonly #known = computed(() => this.#trust.of(this.userId()));

  protected readonly scanning = linkedSignal({ source: this.userId, computation: () => false });
  /** Who is verified can show the code all the same: to somebody whose device has not heard of the scan. */
  protected readonly showsAgain = linkedSignal({ source: this.userId, computation: () => false });
  protected readonly view = computed(() => {
    const [compared, shown] = [this.comparing.compared(), this.comparing.shown()];
    if (compared !== null && MISMATCH[compared]) return 'mismatch';
    if (compared === 'verified' || (this.#known() === 'verified' && !this.showsAgain())) return 'verified';
    if (typeof shown === 'string') return shown;
    return this.scanning() ? 'scanning' : 'code';
  });
  protected readonly mismatch = computed((): Key | undefined => MISMATCH[this.comparing.compared() ?? 'verified']);
  protected readonly note = computed((): Key | undefined => NOTES[this.comparing.compared() ?? 'verified']);
  /** Then no call goes out either. */
  protected readonly isChanged = computed(() => this.#known() === 'changed' || this.#known() === 'verified-changed');
  protected readonly until = computed(() => {
    const since = this.contact()?.since ?? 0;
    if (this.isChanged()) return this.t('verify.until.changed');
    if (this.#known() !== 'pinned') return '';
    if (since === 0) return this.t('verify.until.undated');
    if (since >= this.#dates.today()) return this.t('verify.until.today');
    return this.t('verify.until.since', { day: this.#dates.stamp(since) });
  });
  protected readonly isBusy = computed(
    () => this.#starter === null || callOffer(this.#starter, this.userId()) === 'busy',
  );

  protected readonly code = computed(() => {
    const shown = this.comparing.shown();
    return typeof shown === 'string' ? undefined : shown.code;
  });

  constructor() {
    const title = inject(PageTitle);
    effect(() => title.showName(this.contact() ? this.t('verify.title', this.name()) : ''));
    effect(() => {
      const userId = this.userId();
      untracked(() => this.comparing.begin(userId));
    });
    // What a scan has come to stands in the place of what was pressed.
    effect(() => this.outcome()?.focus());
  }

  protected async found(text: string): Promise<void> {
    this.scanning.set(false);
    await this.comparing.scanned(text);
    if (this.note()) this.#toScan();
  }

  protected stop(): void {
    this.scanning.set(false);
    this.#toScan();
  }

  protected async again(): Promise<void> {
    this.showsAgain.set(true);
    await this.comparing.again();
    this.#toScan();
  }

  protected call(): void {
    if (!this.#starter || this.isBusy()) return;
    if (callOffer(this.#starter, this.userId()) === 'return') this.#starter.returnToCall();
    else this.#starter.place(this.userId(), 'video');
  }

  #toScan(): void {
    afterNextRender(() => this.scanButton()?.nativeElement.focus(), { injector: this.#injector });
  }
}
