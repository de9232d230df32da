import { NgComponentOutlet } from '@angular/common';
import { Component, computed, effect, inject, input, linkedSignal, signal, untracked, viewChild } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { type CallEntry } from '#protocol/api/calls';
import { type Media } from '#protocol/call-frames';
import { type EntryKey, textOf } from '#protocol/content/kinds';
import { type MessageId } from '#protocol/ids';
import { Dates } from '../../i18n/dates';
import { Words } from '../../i18n/words';
import { conversationIdIn } from '../account/no-id';
import { Clock } from '../../i18n/clock';
import { CallLog } from '../call-log/call-log';
import { CALL_STARTER, callOffer } from '../contacts/call-starter';
import { Contacts } from '../contacts/contacts';
import { ListDoubts } from '../crypto/list-doubts';
import { TrustOf } from '../crypto/trust-of';
import { Confirm } from '../look/confirm';
import { EmptyState } from '../look/empty-state';
import { PageTitle } from '../look/page-title';
import { Toast } from '../look/toast';
import { UNDER_HEADER } from '../look/under-header';
import { ChatSearch } from './chat-search';
import { Composer, hasFinePointer } from './composer';
import { type Entry, isEntry, peersMarks } from './conversation';
import { ConversationHeader } from './conversation-header';
import { ConversationStore, type Arrival } from './conversation-store';
import { DirectEntries } from './direct-entries';
import { Drafts } from './drafts';
import { IdentityQuestion } from './identity-question';
import { ListDoubtLine } from './list-doubt-line';
import { Marks } from './marks';
import type { notesOf } from './notes-of';
import { MessageDetails } from './message-details';
import { MessageList } from './message-list';
import { OpenConversation } from './open-conversation';
import { Posts } from './posts';
import { insteadOfWords } from './preview';
import { type MessageRow, type Row, timeline } from './timeline';
import { typedAnywhere } from './typed-anywhere';
import { Typing } from './typing';
import { withUnchanged } from './unchanged-rows';

/** A conversation: who, what was said, and what is being written. */
@Component({
  selector: 'parley-conversation-page',
  imports: [
    Composer,
    ConversationHeader,
    EmptyState,
    IdentityQuestion,
    ListDoubtLine,
    MessageDetails,
    MessageList,
    NgComponentOutlet,
  ],
  providers: [OpenConversation],
  templateUrl: './conversation-page.html',
  styleUrl: './conversation-page.css',
})
export class ConversationPage {
  /** From the route. */
  readonly id = input.required({ transform: conversationIdIn });
  /** From the query: the message to open at. */
  readonly seq = input<string>();

  readonly #store = inject(ConversationStore);
  readonly #posts = inject(Posts);
  readonly #direct = inject(DirectEntries);
  readonly #drafts = inject(Drafts);
  readonly #marks = inject(Marks);
  readonly #typing = inject(Typing);
  readonly #calls = inject(CallLog);
  readonly #dates = inject(Dates);
  readonly #clock = inject(Clock);
  readonly #contacts = inject(Contacts);
  readonly #confirm = inject(Confirm);
  readonly #starter = inject(CALL_STARTER, { optional: true });
  readonly #toast = inject(Toast);
  readonly #trust = inject(TrustOf);
  readonly #doubts = inject(ListDoubts);
  private readonly list = viewChild(MessageList);
  private readonly composer = viewChild(Composer);
  protected readonly finding = inject(ChatSearch);
  protected readonly open = inject(OpenConversation);
  protected readonly t = inject(Words).t;
  readonly #count = inject(Words).count;
  protected readonly under = inject(UNDER_HEADER);
  protected readonly announced = signal('');
  /** The message whose details are shown. */
  protected readonly detailed = signal<MessageRow | null>(null);

  protected readonly conversation = this.open.conversation;
  protected readonly loaded = this.#store.loaded;
  /** As the contact list knows them now, else as the conversation does. */
  protected readonly person = computed(() => {
    const peer = this.conversation()?.peers[0];
    return peer && this.#contacts.asKnown(peer);
  });
  protected readonly isContact = computed(() => {
    const peer = this.person();
    return peer !== undefined && this.#contacts.stateOf(peer.id) === 'accepted';
  });
  /** Writing is refused to somebody who is no contact; before the contacts are known nobody is refused. */
  protected readonly canWrite = computed(() => this.isContact() || this.#contacts.status() !== 'ready');
  /** Who has blocked somebody reads that, and not that something is missing. */
  protected readonly whyClosed = computed(() => {
    const peer = this.person();
    const isBlocked = peer !== undefined && this.#contacts.stateOf(peer.id) === 'blocked';
    return isBlocked ? this.t('contacts.block.now', { name: peer.displayName }) : this.t('chat.notContacts');
  });
  protected readonly known = computed(() => {
    const peer = this.person();
    return peer && this.#trust.of(peer.id);
  });
  /** Whether somebody has another identity than before, which was `compared` or only `pinned`; null: none, or nobody knows. */
  protected readonly changed = computed(() => {
    if (this.known() === 'verified-changed') return 'compared';
    return this.known() === 'changed' ? 'pinned' : null;
  });
  /** Whose list of devices was refused: theirs or, without a name, one's own; null: neither. */
  protected readonly doubt = computed(() => {
    const peer = this.person();
    if (peer && this.#doubts.has(peer.id)) return { name: peer.displayName };
    return this.#doubts.has(this.#store.me) ? { name: null } : null;
  });
  /** The lines of past calls offer another one, except during a call: its bar and the header say how it stands. */
  protected readonly canCall = computed(() => {
    const peer = this.person();
    return (
      this.isContact() &&
      this.changed() === null &&
      peer !== undefined &&
      this.#starter !== null &&
      callOffer(this.#starter, peer.id) === 'call'
    );
  });
  protected readonly isTyping = computed(() => this.#typing.in(this.id()) !== undefined);
  protected readonly draft = computed(() => this.#drafts.of(this.id()));
  protected readonly warning = computed(() => (this.#drafts.isUnkept(this.id()) ? this.t('chat.unkept.draft') : ''));
  readonly #waiting = computed(() => this.#posts.waiting().filter(post => post.conversationId === this.id()));
  /** Loaded behind the messages. */
  readonly #notesOf = signal<typeof notesOf | undefined>(undefined);
  readonly #timeline = computed(() => {
    const conversation = this.conversation();
    const person = this.person();
    if (!conversation || !person || !this.open.ready()) return [];
    return timeline({
      me: this.#store.me,
      messages: this.open.messages(),
      posts: this.#waiting(),
      direct: this.#direct.all().filter(one => one.conversationId === this.id()),
      calls: this.#calls.in(this.id()),
      isNew: entry => this.#calls.isNew(entry),
      isUnseen: copy => this.#direct.isUnseen(copy),
      today: this.#dates.today(),
      peers: peersMarks(conversation, this.#store.me),
      unreadAfter: this.open.unreadAfter(),
      notes: this.#notesOf()?.(this.open.messages(), this.#store.me, this.#clock) ?? [],
      atEnd: this.open.atEnd(),
      atStart: this.open.atStart(),
    });
  });
  protected readonly rows = linkedSignal<Row[], readonly Row[]>({
    source: this.#timeline,
    computation: (now, before) => withUnchanged(before?.value ?? [], now),
  }).asReadonly();
  protected readonly openAt = computed(() => {
    const seq = Number(this.seq() ?? NaN);
    const found = this.rows().find(row => row.kind === 'message' && row.seq === seq);
    return found?.key ?? (this.open.unreadAfter() === null ? '' : 'unread');
  });

  constructor() {
    const title = inject(PageTitle);
    void import('./notes-of').then(
      loaded => this.#notesOf.set(loaded.notesOf),
      () => undefined,
    );
    effect(() => {
      const [id, seq] = [this.id(), Number(this.seq() ?? NaN)];
      untracked(() => this.open.open(id, Number.isInteger(seq) ? seq : undefined));
    });
    effect(() => {
      const name = this.person()?.displayName;
      if (name !== undefined) title.showName(name);
    });
    // Opened to read and to write: on a phone the focus would open the keyboard over what is to be read.
    effect(() => {
      this.id();
      const composer = this.composer();
      if (composer && hasFinePointer()) untracked(() => composer.focusFirst());
    });
    typedAnywhere({
      typed: () => this.composer()?.focus(),
      pasted: event => this.composer()?.paste(event),
    });
    this.#store.arrivals.pipe(takeUntilDestroyed()).subscribe(arrival => this.#announce(arrival));
    this.#direct.added.pipe(takeUntilDestroyed()).subscribe(one => {
      if (one.conversationId === this.id()) this.#say(one);
    });
  }

  protected write(body: string): void {
    this.#posts.write(this.id(), { kind: 'text', body });
    this.#drafts.set(this.id(), '');
    this.#typing.sent(this.id());
    this.list()?.toEnd();
  }

  protected drafted(text: string): void {
    this.#drafts.set(this.id(), text);
  }

  protected filesPasted(n: number): void {
    this.#toast.say(this.#count('share.files', n));
  }

  protected typed(): void {
    this.#typing.say(this.id());
  }

  protected seen(seq: number): void {
    void this.#marks.read(this.id(), seq);
  }

  protected sawCalls(entries: readonly CallEntry[]): void {
    void this.#calls.saw(entries);
  }

  protected sawCopies(ids: readonly MessageId[]): void {
    const isOne = ({ conversationId, id }: EntryKey): boolean => conversationId === this.id() && ids.includes(id);
    this.#direct.seen(this.#direct.unseen().filter(isOne));
  }

  protected call(media: Media): void {
    const person = this.person();
    if (person) this.#starter?.place(person.id, media);
  }

  protected retry(id: MessageId): void {
    this.#posts.retry(id);
  }

  protected async remove(id: MessageId): Promise<void> {
    const isFailed = this.#waiting().some(post => post.id === id && post.fault !== undefined);
    const sentence = this.t(isFailed ? 'chat.deleteAsk.sentence' : 'chat.deleteAsk.waiting');
    const question = { title: this.t('chat.deleteAsk.title'), sentence };
    if (await this.#confirm.ask({ ...question, action: this.t('chat.delete'), danger: true })) this.#posts.delete(id);
  }

  /** Who does not look hears what came. */
  #announce({ conversationId, messages, live }: Arrival): void {
    const [message] = messages;
    if (!live || conversationId !== this.id() || !message || !isEntry(message)) return;
    if (message.author.userId === this.#store.me || this.#direct.isTold(message)) return;
    this.#say(message);
  }

  #say(said: Pick<Entry, 'content' | 'sealed'>): void {
    const text = textOf(said.content) ?? this.t(insteadOfWords(said));
    this.announced.set(this.t('chat.saidBy', { name: this.person()?.displayName ?? '', text }));
  }
}
