import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { ok } from '#protocol/result';
import { type ConversationId, type MessageId, type UserId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';
import { withWords } from '../../i18n/testing/with-words';
import { Account } from '../account/account';
import { Api } from '../account/api';
import { Pictures } from '../contacts/pictures';
import { Presence } from '../contacts/presence';
import { personCalled } from '../contacts/testing/below';
import { KeysDouble, provideKeys } from '../crypto/testing/keys-double';
import { type Conversation, type Entry } from './conversation';
import { ConversationStore } from './conversation-store';
import { MessageDetails } from './message-details';
import { until } from './testing/chat-room';
import { type MessageRow } from './timeline';

const MIRA = personCalled('Mira Sand');
const ME = anId<UserId>('me');
const ID = anId<ConversationId>('c0000000-0000-4000-8000-000000000000');
const AT = new Date(2026, 4, 3, 8, 12, 45).getTime();
const CONTENT = { kind: 'text', body: 'The keys are under the blue pot.' } as const;

describe('The details of a message', () => {
  let fixture: ComponentFixture<MessageDetails>;
  let keys: KeysDouble;
  let trust: string;
  const conversation = signal({ id: ID, peers: [MIRA], marks: [] } as unknown as Conversation);
  const host = () => fixture.nativeElement as HTMLElement;
  const dialog = () => host().querySelector('dialog')!;
  const text = () => dialog().textContent.replace(/\s+/g, ' ');

  async function draw(own: boolean, known?: Entry['known'], more: Partial<Entry> = {}): Promise<void> {
    const author = own ? { userId: ME, deviceId: anId('laptop') } : { userId: MIRA.id, deviceId: anId('a1b2c3d4e5') };
    const place = { conversationId: ID, seq: 7, id: anId<MessageId>('m7'), at: AT };
    const entry = { ...place, author, counts: true, content: CONTENT, ...(known && { known }), ...more } as Entry;
    const { sealed } = entry;
    const about = { kind: 'message', key: 'm7', from: 7, content: CONTENT, own, state: own ? 'sent' : null } as const;
    const row: MessageRow = { ...about, ...place, ...(sealed && { sealed }), first: false, last: false };
    fixture = TestBed.createComponent(MessageDetails);
    const inputs = { row, conversationId: ID, messages: [entry], person: MIRA };
    for (const [name, value] of Object.entries(inputs)) fixture.componentRef.setInput(name, value);
    document.body.append(host());
    await until(
      'the facts are drawn',
      () => dialog().querySelector('[role=status]') === null && dialog().querySelector('h2 + .card') !== null,
    );
    await fixture.whenStable();
  }
  const marked = (userId: UserId, received: number, read: number) =>
    conversation.update(one => ({ ...one, marks: [{ userId, received, read }] }));

  beforeEach(async () => {
    conversation.update(one => ({ ...one, marks: [] }));
    trust = 'pinned';
    keys = new KeysDouble();
    keys.plain.set({});
    keys.verbs['trustIn'] = () => trust;
    keys.verbs['identities'] = () => ({ own: 'mine', theirs: 'hers' });
    const devices = [{ id: 'laptop', name: 'Firefox on Linux', createdAt: 1, lastSeen: 1, current: false }];
    await withWords([
      provideRouter([]),
      provideKeys(keys),
      { provide: ConversationStore, useValue: { me: ME, find: () => conversation() } },
      { provide: Pictures, useValue: { urlOf: () => undefined } },
      { provide: Presence, useValue: { of: () => ({ state: 'offline' }) } },
      { provide: Account, useValue: { address: () => ({ userId: ME, deviceId: 'phone' }) } },
      { provide: Api, useValue: { request: async () => ok({ items: devices }) } },
    ]);
  });
  afterEach(() => fixture.destroy());

  const SIGNED = { how: 'signed', written: AT - 1000, opened: AT + 1000, identity: 'hers' } as const;

  it('say to the second when it was written, was on the server and could be read here, and by which device', async () => {
    await draw(false, SIGNED);
    expect(text()).toMatch(/Written\s*on Mira Sand’s device a1b2c3\s*08:12:44/);
    expect(text()).toMatch(/On the server.*08:12:45/);
    expect(text()).toMatch(/Arrived here.*08:12:46/);
    expect(text()).toContain('Not read yet');
    marked(ME, 7, 7);
    await fixture.whenStable();
    expect(text()).toContain('By you, on one of your devices');
  });

  it('never call verified what was only pinned, or an identity that is not the one of today', async () => {
    await draw(false, SIGNED);
    expect(text()).toContain('Mira Sand, not compared');
    expect(text()).not.toContain('Mira Sand, verified');
    fixture.destroy();
    trust = 'verified';
    await draw(false, SIGNED);
    expect(text()).toContain('Mira Sand, verified');
    fixture.destroy();
    await draw(false, { ...SIGNED, identity: 'another' });
    expect(text()).toContain('An earlier identity');
    expect(text()).not.toContain('Mira Sand, verified');
  });

  it('say in plain words what an older version has not kept, and what is not encrypted', async () => {
    trust = 'verified';
    await draw(false);
    expect(text()).toContain('An older version of Parley opened this message');
    expect(text()).toContain('The time was not recorded');
    fixture.destroy();
    keys.plain.set({ [ID]: 7 });
    await draw(false);
    expect(text()).toContain('Only the server says who wrote it.');
    expect(text()).not.toContain('The server cannot read it');
  });

  it('keep read, received and on its way apart, as it changes', async () => {
    await draw(true, { how: 'signed', written: AT, opened: AT, identity: 'mine' });
    const came = () => dialog().querySelector('.counted')!.textContent.trim();
    expect(came()).toMatch(/^On its way\s*1$/);
    marked(MIRA.id, 7, 6);
    await fixture.whenStable();
    expect(came()).toMatch(/^Received\s*1$/);
    marked(MIRA.id, 7, 7);
    await fixture.whenStable();
    expect(came()).toMatch(/^Read\s*1$/);
    expect(text()).toContain('on your device “Firefox on Linux”');
    expect(text()).toContain('You, on another device');
  });

  it('claim nothing where the machine does not answer', async () => {
    keys.verbs['identities'] = () => Promise.reject(new Error('ended'));
    trust = 'verified';
    await draw(false, SIGNED);
    expect(text()).toContain('Not known at the moment');
    expect(text()).not.toContain('Mira Sand, verified');
  });

  it('are a dialog that its arrow closes', async () => {
    await draw(false, SIGNED);
    expect(dialog().open).toBeTrue();
    let closed = 0;
    fixture.componentInstance.closed.subscribe(() => closed++);
    const over = new Promise(resolve => dialog().addEventListener('close', resolve, { once: true }));
    dialog().querySelector<HTMLButtonElement>('button[aria-label="Back"]')!.click();
    await over;
    expect(closed).toBe(1);
  });
});
