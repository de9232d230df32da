import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { anId } from '#protocol/testing/ids';
import { type WithheldMessage } from '#protocol/chat-frames';
import { CallLog } from '../call-log/call-log';
import { Contacts } from '../contacts/contacts';
import { inEnglish } from '../../i18n/testing/in-english';
import { ConversationPage } from './conversation-page';
import { SEEN_AFTER } from '../look/seen';
import { WINDOW_MOST } from './message-window';
import { ChatRoom, CONVERSATION, ME, message, until } from './testing/chat-room';
import { Reader } from './testing/reader';

const SEEN_AFTER_MS = 40;
const STEPS = 30;
/** Who has pressed a button presses it again after this, where it has not done yet what it should. */
const AGAIN_MS = 1_000;
/** No higher than the window of the run: what is outside of it is not seen. */
const HEIGHT = Math.min(600, innerHeight);
/** Runs that found something once; `?seed=` in the address of the run adds one. */
const SEEDS = [1, 2, 3, 37, 955_067, ...new URLSearchParams(location.search).getAll('seed').map(Number)];

/** Numbers below 1 from a seed (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** After the next frame was drawn: what is put right before that nobody has seen. */
const nextFrame = (): Promise<unknown> => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));

describe('reading', () => {
  let room: ChatRoom;
  let fixture: ComponentFixture<ConversationPage>;
  let reader: Reader;
  let dialog: HTMLDialogElement | undefined;
  let isHidden = false;
  /** What the server knows this user to have read, here or elsewhere. */
  let mark: number;
  let random: () => number;
  const upTo = (most: number): number => Math.floor(random() * (most + 1));
  const lastSeq = (): number => room.messages.length;
  const told = (): number => room.signaling.saidOf('chat.read').at(-1)?.seq ?? 0;

  /** A message of some length; one in eight is this user's own, one in twenty is withheld. */
  function some(seq: number): ReturnType<typeof message> | WithheldMessage {
    const kind = random();
    if (kind < 0.05) return { conversationId: CONVERSATION, seq, withheld: true };
    const words = 'a few words of it '.repeat(1 + Math.floor(random() ** 4 * 60));
    return { ...message(seq, kind < 0.18 ? ME : undefined, `${seq} ${words}`) };
  }

  async function start(messages: number, read: number): Promise<void> {
    room = new ChatRoom();
    const contacts = {
      asKnown: <T>(person: T) => person,
      stateOf: () => undefined,
      person: () => undefined,
      status: signal('loading'),
    };
    TestBed.configureTestingModule({
      providers: [
        provideRouter([]),
        { provide: Contacts, useValue: contacts },
        { provide: CallLog, useValue: { in: () => [] } },
        { provide: SEEN_AFTER, useValue: SEEN_AFTER_MS },
      ],
    });
    await inEnglish();
    room.messages = Array.from({ length: messages }, (_, i) => some(i + 1));
    const unread = room.messages.filter(one => one.seq > read && 'author' in one && one.author.userId !== ME).length;
    room.listed = { unread, marks: [{ userId: ME, received: messages, read }] };
    mark = read;
    await room.start();
    room.signaling.live(ME);
    await until('synced', () => room.store.find(CONVERSATION)?.lastSeq === messages);
  }

  async function open(before?: Reader): Promise<void> {
    fixture = TestBed.createComponent(ConversationPage);
    fixture.componentRef.setInput('id', CONVERSATION);
    reader = new Reader(fixture, SEEN_AFTER_MS, before);
    reader.host.style.cssText = `position: fixed; inset: 0 auto auto 0; width: 390px; height: ${HEIGHT}px`;
    document.body.append(reader.host);
    await until('opened', () => reader.box !== null);
    reader.isAway = isHidden || dialog !== undefined;
    reader.sample();
  }

  function setHidden(hidden: boolean): void {
    isHidden = hidden;
    reader.isAway = hidden || dialog !== undefined;
    document.dispatchEvent(new Event('visibilitychange'));
  }

  function cover(covered: boolean): void {
    dialog?.remove();
    dialog = undefined;
    if (covered) {
      dialog = document.body.appendChild(document.createElement('dialog'));
      dialog.style.cssText = 'width: 100vw; height: 100vh; max-width: none; max-height: none';
      dialog.showModal();
    }
    reader.isAway = isHidden || covered;
  }

  function arrive(count: number): void {
    for (let i = 0; i < count; i++) {
      const stored = some(lastSeq() + 1);
      room.messages = [...room.messages, stored];
      room.signaling.frames.next({ type: 'chat.message', n: 1, message: stored });
    }
  }

  function readElsewhere(seq: number): void {
    if (seq <= mark) return;
    mark = seq;
    for (let one = 1; one <= seq; one++) reader.shown.add(one);
    room.signaling.frames.next({
      type: 'chat.receipt',
      conversationId: CONVERSATION,
      userId: ME,
      received: seq,
      read: seq,
    });
  }

  const scroll = (top: (box: HTMLElement) => number) => (): void => {
    const box = reader.box;
    if (!box || dialog) return;
    isGoing = false;
    reader.byHand(() => {
      box.dispatchEvent(new Event('wheel'));
      box.scrollTop = top(box);
    });
  };
  const newest = (): void => {
    if (!reader.jump || dialog || performance.now() < mayGoAgain) return;
    for (let one = 1; one <= lastSeq(); one++) reader.shown.add(one);
    reader.byHand(() => reader.jump?.click());
    isGoing = true;
    mayGoAgain = performance.now() + AGAIN_MS;
  };
  let mayGoAgain = 0;
  /** On the way to the newest message, with what is loaded for it: until it is there, or somebody scrolls. */
  let isGoing = false;

  const steps: readonly (() => void | Promise<void>)[] = [
    scroll(box => box.scrollTop + upTo(1600) - 800),
    scroll(box => box.scrollTop + upTo(400)),
    scroll(box => box.scrollTop - upTo(2400)),
    scroll(() => 0),
    scroll(box => box.scrollHeight),
    newest,
    () => arrive(1),
    () => arrive(1 + upTo(3)),
    () => arrive(upTo(40)),
    () => setHidden(!isHidden),
    () => cover(!dialog),
    () => void (reader.host.style.height = `${240 + upTo(HEIGHT - 240)}px`),
    () => void (reader.host.style.width = `${320 + upTo(500)}px`),
    () => room.signaling.frames.next({ type: 'chat.typing', conversationId: CONVERSATION, senderId: anId('peer') }),
    () => readElsewhere(mark + upTo(lastSeq() - mark)),
    async () => {
      isGoing = false;
      fixture.destroy();
      await open(reader);
    },
  ];

  /** Some frames go by, and what is seen and told in each is judged. */
  async function wait(ms: number): Promise<void> {
    const end = performance.now() + ms;
    let said = told();
    do {
      await nextFrame();
      // Where the way to the end is drawn, everything moves.
      if (isGoing) reader.allow();
      else reader.sample();
      isGoing &&= !reader.isAtEnd;
      if (told() > said) judge((said = told()));
      reader.remember();
    } while (performance.now() < end);
  }

  function judge(seq: number): void {
    if (seq <= mark) return;
    reader.judgeMark(seq);
    const never = room.messages.filter(
      one =>
        one.seq > mark && one.seq <= seq && 'author' in one && one.author.userId !== ME && !reader.shown.has(one.seq),
    );
    if (never.length > 0) reader.faults.push(`${seq} is marked read, and ${never[0]?.seq} was never shown`);
    mark = seq;
  }

  beforeEach(() => {
    isHidden = false;
    isGoing = false;
    mayGoAgain = 0;
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (isHidden ? 'hidden' : 'visible'),
    });
  });
  afterEach(async () => {
    fixture.destroy();
    dialog?.remove();
    dialog = undefined;
    Reflect.deleteProperty(document, 'visibilityState');
    await room.close();
  });

  for (const seed of SEEDS) {
    it(`is told as far as it went, and moves nothing that is seen (seed ${seed})`, async () => {
      random = numbers(seed);
      const messages = upTo(400);
      await start(messages, random() < 0.3 ? messages : upTo(messages));
      await open();
      await wait(SEEN_AFTER_MS * 2);
      for (let step = 0; step < STEPS && reader.faults.length === 0; step++) {
        const index = upTo(steps.length - 1);
        reader.note(`step ${step}, ${String(steps[index])}`);
        await steps[index]?.();
        await wait(upTo(SEEN_AFTER_MS * 3));
        if (reader.drawn > WINDOW_MOST) reader.faults.push(`${reader.drawn} messages are drawn`);
      }
      expect(reader.faults).toEqual([]);
      // And it does move: who goes to the end has read everything.
      setHidden(false);
      cover(false);
      reader.host.style.height = `${HEIGHT}px`;
      arrive(1);
      await until('everything is read', async () => {
        newest();
        await wait(20);
        return room.store.find(CONVERSATION)?.unread === 0;
      });
      expect(reader.faults).toEqual([]);
    });
  }

  it('opens 80 new messages of a new contact at the first, and marks those that were in view', async () => {
    random = () => 0.5;
    await start(80, 0);
    await open();
    await until('some were read', async () => {
      await wait(20);
      return told() > 0;
    });
    await wait(SEEN_AFTER_MS * 4);
    const inView = Math.max(...reader.shown);
    expect(reader.host.querySelector('[data-seq="1"]')).not.toBeNull();
    expect(told()).toBeLessThanOrEqual(inView);
    expect(inView).toBeLessThan(20);
    expect(reader.faults).toEqual([]);
  });

  it('opens 300 new messages on a new device at the first, and marks those that were in view', async () => {
    random = () => 0.5;
    await start(300, 0);
    await open();
    await until('some were read', async () => {
      await wait(20);
      return told() > 0;
    });
    expect(told()).toBeLessThan(20);
    expect(reader.host.querySelector('[data-seq="1"]')).not.toBeNull();
    expect(reader.faults).toEqual([]);
  });

  it('stays among 400 messages of one day when Home is pressed', async () => {
    random = () => 0.5;
    await start(400, 400);
    await open();
    await wait(SEEN_AFTER_MS);
    scroll(() => 0)();
    await wait(500);
    const first = Number(reader.host.querySelector<HTMLElement>('parley-bubble')?.dataset['seq']);
    expect(first).toBeGreaterThan(200);
    expect(reader.faults).toEqual([]);
  });

  it('draws a bounded part of 20,000 messages, and fetches a bounded part of them', async () => {
    random = () => 0.5;
    await start(20_000, 3_000);
    room.requests.length = 0;
    const began = performance.now();
    await open();
    await until('drawn', () => reader.drawn > 0);
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(reader.host.querySelector('[data-seq="3001"]')).not.toBeNull();
    await wait(SEEN_AFTER_MS * 4);
    expect(room.requests.length).toBeLessThan(6);
    for (let step = 0; step < 12; step++) {
      scroll(box => box.scrollHeight)();
      await wait(30);
      expect(reader.drawn).toBeLessThanOrEqual(WINDOW_MOST);
    }
    expect(reader.faults).toEqual([]);
  });
});
