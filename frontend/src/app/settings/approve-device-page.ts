import {
  afterNextRender,
  Component,
  computed,
  DestroyRef,
  effect,
  type ElementRef,
  inject,
  Injector,
  signal,
  viewChild,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import circleCheck from 'lucide-static/icons/circle-check.svg';
import clock from 'lucide-static/icons/clock.svg';
import lock from 'lucide-static/icons/lock-keyhole.svg';
import monitor from 'lucide-static/icons/monitor-smartphone.svg';
import scan from 'lucide-static/icons/scan-line.svg';
import shieldAlert from 'lucide-static/icons/shield-alert.svg';
import shieldCheck from 'lucide-static/icons/shield-check.svg';
import type { Device } from '#protocol/api/account';
import type { ApprovalRefusal } from '../../../crypto/approval.ts';
import { readDeviceCode } from '../../../crypto/device-code.ts';
import { isOfKind } from '../../../crypto/scanned-text.ts';
import { Dates } from '../../i18n/dates';
import { laterWords } from '../../i18n/later-words';
import { type Key } from '../../i18n/words';
import { CodeScanner, type CameraProblems } from '../account/code-scanner';
import { FailureWords } from '../account/failure-words';
import { OwnKeys } from '../crypto/own-keys';
import { Icon } from '../look/icon';
import { Outcome } from '../look/outcome';
import { PageTitle } from '../look/page-title';
import { Toast } from '../look/toast';
import { OwnDevices } from './own-devices';
import { SettingPage } from './setting-page';

const CAMERA: CameraProblems = {
  refused: 'settings.approve.camera.refused',
  noCamera: 'settings.approve.camera.none',
  cameraBusy: 'settings.approve.camera.busy',
  unread: 'settings.approve.camera.unread',
};
const NOTES: Readonly<Record<Exclude<ApprovalRefusal, 'other-key'>, Key>> = {
  unreadable: 'settings.approve.note.unreadable',
  'other-version': 'settings.approve.note.otherVersion',
  'other-person': 'settings.approve.note.otherPerson',
  'unknown-device': 'settings.approve.note.unknown',
  'not-own': 'settings.approve.note.notOwn',
  'not-sent': 'settings.approve.note.failed',
};

/** What the page shows: nothing was scanned, the camera, whose code it was, and what came of the answer. */
type Step =
  | { readonly is: 'begin' | 'scanning' | 'other-key' }
  | { readonly is: 'asking' | 'done'; readonly device: Device; readonly code: string };

/** Makes a new device one of this person's, by the code that it shows and by their word. */
@Component({
  selector: 'parley-approve-device-page',
  imports: [CodeScanner, Icon, Outcome, RouterLink, SettingPage],
  templateUrl: './approve-device-page.html',
  styleUrl: './approve-device-page.css',
})
export class ApproveDevicePage {
  readonly #keys = inject(OwnKeys);
  readonly #devices = inject(OwnDevices);
  readonly #failures = inject(FailureWords);
  readonly #toast = inject(Toast);
  readonly #injector = inject(Injector);
  private readonly top = viewChild<ElementRef<HTMLElement>>('top');
  protected readonly dates = inject(Dates);
  protected readonly t = laterWords();
  protected readonly icons = { circleCheck, clock, lock, monitor, scan, shieldAlert, shieldCheck };
  protected readonly camera = CAMERA;
  protected readonly canScan = 'mediaDevices' in navigator;
  protected readonly hasKey = computed(() => this.#keys.state() === 'own');
  protected readonly step = signal<Step>({ is: 'begin' });
  protected readonly note = signal<Key | null>(null);
  protected readonly busy = signal(false);

  constructor() {
    const title = inject(PageTitle);
    effect(() => title.showName(this.t('settings.approve.title')));
    this.#devices.isAskedOnPage.set(true);
    inject(DestroyRef).onDestroy(() => this.#devices.isAskedOnPage.set(false));
  }

  /** A code of a device, be it of another version; others are passed over. */
  protected readonly isCode = (text: string): boolean => isOfKind(readDeviceCode(text));

  protected scan(): void {
    this.note.set(null);
    this.step.set({ is: 'scanning' });
  }

  protected stop(): void {
    this.#go({ is: 'begin' });
  }

  /** Asks about the device as the server names it; whether it is this very device the machine says. */
  protected async found(code: string): Promise<void> {
    const read = readDeviceCode(code);
    if (!read.ok) return this.#refused(read.error);
    await this.#devices.look();
    const device = this.#devices.all()?.find(({ id }) => id === read.value.device.deviceId);
    if (device) this.#go({ is: 'asking', device, code });
    else this.#refused(this.#devices.failure() ? 'not-sent' : 'unknown-device');
  }

  protected async approve(device: Device, code: string): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    const approved = await this.#keys.ask('approveDevice', code).catch(() => null);
    this.busy.set(false);
    if (approved?.ok !== true) return this.#refused(approved?.error ?? 'not-sent');
    await this.#devices.confirm(device);
    this.#go({ is: 'done', device, code });
  }

  protected async signOut(device: Device): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    const removed = await this.#devices.remove(device);
    this.busy.set(false);
    if (!removed.ok) return this.#toast.say(this.#failures.say(removed.error));
    this.#toast.say(this.t('settings.newDevice.removed', { name: device.name }));
    this.#go({ is: 'begin' });
  }

  #refused(refusal: ApprovalRefusal): void {
    this.note.set(refusal === 'other-key' ? null : NOTES[refusal]);
    this.#go({ is: refusal === 'other-key' ? 'other-key' : 'begin' });
  }

  /** What had the focus is gone with the step before. */
  #go(step: Step): void {
    this.step.set(step);
    afterNextRender(() => this.top()?.nativeElement.focus(), { injector: this.#injector });
  }
}
