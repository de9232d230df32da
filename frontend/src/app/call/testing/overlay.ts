import {
  ApplicationInitStatus,
  Component,
  EnvironmentInjector,
  input,
  type Provider,
  provideZonelessChangeDetection,
  signal,
} from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { of } from 'rxjs';
import { err } from '#protocol/result';
import { provideLanguage } from '../../../i18n/language';
import { Account } from '../../account/account';
import { Api } from '../../account/api';
import { Contacts } from '../../contacts/contacts';
import { Pictures } from '../../contacts/pictures';
import { Presence } from '../../contacts/presence';
import { KeysDouble, provideKeys } from '../../crypto/testing/keys-double';
import { Signaling } from '../../signaling/signaling';
import { CallLog } from '../../call-log/call-log';
import { type CallReport } from '../../call-log/call-report';
import { CallReports } from '../../call-log/call-reports';
import { CallOverlay } from '../call-overlay';
import { CALL_WORD } from '../call-word';
import { CALL_CHAT } from '../call-view';
import { IceServerSource } from '../ice-servers';
import { provideMarkedSeal } from './marked-seal';
import { Switchboard } from './switchboard';

/** The overlay of one person's page, drawn, on a switchboard where others can be. */
export interface DrawnOverlay {
  readonly board: Switchboard;
  readonly me: ReturnType<Switchboard['wire']>;
  readonly fixture: ComponentFixture<CallOverlay>;
  readonly parent: EnvironmentInjector;
  /** What was written into conversations from a ring. */
  readonly written: string[];
  /** The reports of calls that this device has kept. */
  readonly reports: CallReport[];
  /** Nobody has an identity, until a spec says so. */
  readonly keys: KeysDouble;
}

/** In the place of the conversation beside the stage. */
@Component({
  selector: 'parley-test-chat',
  template: `<textarea></textarea>`,
})
class TestChat {
  readonly id = input.required<string>();
}

const person = (id: string) => ({ id, username: 'mira', displayName: 'Mira Sand' });

/** Draws it for the user of this number; everybody else is a contact called Mira Sand. */
export async function drawOverlay(user = 1, more: Provider[] = []): Promise<DrawnOverlay> {
  const board = new Switchboard();
  const me = board.wire(user);
  const written: string[] = [];
  const reports: CallReport[] = [];
  const keep = (report: CallReport) => Promise.resolve(void reports.push(report));
  const keys = new KeysDouble();
  keys.verbs['follow'] = () => null;
  keys.verbs['trustIn'] = () => 'none';
  const contacts = { of: (id: string) => ({ person: person(id), state: 'accepted', since: 0, conversationId: id }) };
  TestBed.configureTestingModule({
    providers: [
      provideZonelessChangeDetection(),
      provideRouter([
        { path: 'chats/:id', children: [] },
        { path: 'calls', children: [] },
      ]),
      provideLanguage(),
      { provide: Signaling, useValue: me.signaling },
      ...provideMarkedSeal(me.seat),
      provideKeys(keys),
      { provide: IceServerSource, useValue: { current: () => of({}) } },
      { provide: Contacts, useValue: contacts },
      { provide: Presence, useValue: { of: () => ({ state: 'offline' }) } },
      { provide: Pictures, useValue: { urlOf: signal(undefined) } },
      { provide: CALL_CHAT, useValue: () => Promise.resolve(TestChat) },
      { provide: CallLog, useValue: { hasMissed: () => false } },
      { provide: Api, useValue: { request: () => Promise.resolve(err({ kind: 'unreachable' })) } },
      ...more,
      { provide: CALL_WORD, useValue: (_: string, text: string) => written.push(text) },
      { provide: CallReports, useValue: { keep } },
      { provide: Account, useValue: { me: signal(person(me.seat.userId)) } },
    ],
  });
  await TestBed.inject(ApplicationInitStatus).donePromise;
  const fixture = TestBed.createComponent(CallOverlay);
  await fixture.whenStable();
  return { board, me, fixture, parent: TestBed.inject(EnvironmentInjector), written, reports, keys };
}

/** The one element that a selector finds on the page, the top layer included. */
export function shown(selector: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(selector);
  if (element === null) throw new Error(`not shown: ${selector}`);
  return element;
}
