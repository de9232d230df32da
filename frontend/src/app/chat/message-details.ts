import { afterNextRender, Component, computed, inject, input, output, signal, viewChild } from '@angular/core';
import { DestroyRef, type ElementRef } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { type Device, type Person } from '#protocol/api/account';
import { type ConversationId } from '#protocol/ids';
import arrowLeft from 'lucide-static/icons/arrow-left.svg';
import arrowUp from 'lucide-static/icons/arrow-up.svg';
import checkCheck from 'lucide-static/icons/check-check.svg';
import check from 'lucide-static/icons/check.svg';
import hardDrive from 'lucide-static/icons/hard-drive.svg';
import { Dates, midnight } from '../../i18n/dates';
import { laterWords } from '../../i18n/later-words';
import { Words } from '../../i18n/words';
import { Account } from '../account/account';
import { Api } from '../account/api';
import { listDevices } from '../account/device-list';
import { Avatar } from '../contacts/avatar';
import { OwnKeys } from '../crypto/own-keys';
import type { Trust } from '../crypto/trust-of';
import { Icon } from '../look/icon';
import { Layers } from '../look/layers';
import { Bubble } from './bubble';
import { isEntry, marksOf, type Stored } from './conversation';
import { ConversationStore } from './conversation-store';
import { FACT_ICONS } from './fact-icons';
import { howKnown, otherMarks } from './how-known';
import { type MessageRow } from './timeline';

/** So much of a device's id tells two devices of one person apart. */
const ID_SHOWN = 6;

const TO_THE_SECOND = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;

/** Of the author and of the other person, as this device knows them now. */
interface KnownNow {
  readonly trust: Trust;
  readonly own: string | null;
  readonly theirs: string | null;
}

/** When a message was written and has arrived, how far it has come, and how it is known who wrote it. */
@Component({
  selector: 'parley-message-details',
  imports: [Avatar, Bubble, Icon],
  templateUrl: './message-details.html',
  styleUrl: './message-details.css',
})
export class MessageDetails {
  readonly row = input.required<MessageRow>();
  readonly conversationId = input.required<ConversationId>();
  /** Those that are in view, this one among them. */
  readonly messages = input.required<readonly Stored[]>();
  /** The other one. */
  readonly person = input.required<Person>();
  readonly closed = output();

  readonly #store = inject(ConversationStore);
  readonly #account = inject(Account);
  readonly #api = inject(Api);
  readonly #keys = inject(OwnKeys);
  readonly #words = inject(Words);
  readonly #dates = inject(Dates);
  readonly #now = signal<KnownNow | undefined>(undefined);
  readonly #devices = signal<readonly Device[]>([]);
  private readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog');
  protected readonly t = laterWords();
  protected readonly icons = { arrowLeft, arrowUp, check, checkCheck, hardDrive };
  protected readonly name = computed(() => ({ name: this.person().displayName }));
  /** As a bubble of its own, which leads to no details. */
  protected readonly alone = computed(() => ({ ...this.row(), seq: null, first: true, last: true }));
  readonly #entry = computed(() => this.messages().find(({ seq }) => seq === this.row().seq));
  readonly #known = computed(() => {
    const entry = this.#entry();
    return entry && isEntry(entry) ? entry.known : undefined;
  });
  /** Nothing up to this place was encrypted: nobody could encrypt for a person without an identity. */
  readonly #isPlain = computed(() => {
    const plain = this.#keys.plain();
    return plain === 'everywhere' || (this.row().seq ?? Infinity) <= (plain?.[this.conversationId()] ?? 0);
  });
  protected readonly day = computed(() => this.#dates.day(this.row().at));
  protected readonly written = computed(() => this.#clock(this.#known()?.written));
  protected readonly onServer = computed(() => this.#clock(this.row().at));
  protected readonly arrived = computed(() => this.#clock(this.#known()?.opened));
  /** By which device it was written. */
  protected readonly device = computed(() => {
    const entry = this.#entry();
    if (!entry || 'withheld' in entry) return '';
    const { deviceId } = entry.author;
    if (!this.row().own) return this.t('details.device.theirs', { ...this.name(), id: deviceId.slice(0, ID_SHOWN) });
    if (deviceId === this.#account.address().deviceId) return this.t('details.device.here');
    const own = this.#devices().find(({ id }) => id === deviceId);
    return own ? this.t('details.device.own', { device: own.name }) : this.t('details.device.other');
  });
  /** Whether this person has read it, of a message of somebody else. */
  protected readonly isRead = computed(() => {
    const conversation = this.#store.find(this.conversationId());
    return conversation !== undefined && marksOf(conversation, this.#store.me).read >= (this.row().seq ?? Infinity);
  });
  /** Who has come how far with an own message. */
  protected readonly come = computed(() => {
    const conversation = this.#store.find(this.conversationId());
    const seq = this.row().seq ?? Infinity;
    const people = (conversation?.peers ?? []).map(person => ({
      person: person.id === this.person().id ? this.person() : person,
      marks: conversation ? marksOf(conversation, person.id) : { read: 0, received: 0 },
    }));
    const read = people.filter(({ marks }) => marks.read >= seq);
    const received = people.filter(one => !read.includes(one) && one.marks.received >= seq);
    const underway = people.filter(one => !read.includes(one) && !received.includes(one));
    const parts = [
      { title: 'details.read', line: 'details.come.read', people: read },
      { title: 'details.received', line: 'details.come.received', people: received },
      { title: 'details.underway', line: 'details.come.underway', people: underway },
    ] as const;
    return parts.filter(part => part.people.length > 0);
  });
  /** Undefined until the machine has answered. */
  readonly #facts = computed(() => {
    const now = this.#now();
    const { own, sealed } = this.row();
    if (!now) return undefined;
    return howKnown({
      known: this.#known(),
      isSealed: sealed !== undefined,
      isPlain: this.#isPlain(),
      isOwn: own,
      trust: now.trust,
      identity: own ? now.own : now.theirs,
    });
  });
  protected readonly facts = computed(() =>
    this.#facts()?.map(is => {
      const said = { title: `details.fact.${is}.title`, sentence: `details.fact.${is}.sentence` } as const;
      return { is, icon: FACT_ICONS[is], ...said };
    }),
  );
  protected readonly marks = computed(() =>
    otherMarks(this.#facts() ?? []).map(is => {
      const said = { title: `details.mark.${is}.title`, sentence: `details.mark.${is}.sentence` } as const;
      return { is, icon: FACT_ICONS[is], ...said };
    }),
  );

  constructor() {
    const layers = inject(Layers);
    const destroyed = inject(DestroyRef);
    afterNextRender(() => {
      const dialog = this.dialog().nativeElement;
      const release = layers.open(() => dialog.close());
      destroyed.onDestroy(release);
      dialog.addEventListener('click', event => event.target === dialog && dialog.close());
      dialog.addEventListener('close', () => {
        release();
        this.closed.emit();
      });
      dialog.showModal();
      void this.#look();
      if (this.row().own) void this.#nameDevices();
    });
    this.#keys.came.pipe(takeUntilDestroyed()).subscribe(() => void this.#look());
  }

  async #look(): Promise<void> {
    const { id } = this.person();
    try {
      const trust = await this.#keys.ask('trustIn', id);
      this.#now.set({ trust, ...(await this.#keys.ask('identities', id)) });
    } catch {
      // Asked again when keys come.
      this.#now.update(now => now ?? { trust: 'none', own: null, theirs: null });
    }
  }

  async #nameDevices(): Promise<void> {
    const devices = await listDevices(this.#api);
    if (devices.ok) this.#devices.set(devices.value);
  }

  /** To the second; with its day where that is not the one of the message. */
  #clock(at: number | undefined): string | undefined {
    if (at === undefined) return undefined;
    const time = new Intl.DateTimeFormat(this.#words.locale(), TO_THE_SECOND).format(at);
    return midnight(at) === midnight(this.row().at) ? time : `${this.#dates.day(at)}, ${time}`;
  }
}
