import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter, withComponentInputBinding } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { SCANNED_TYPE } from '#protocol/crypto/comparing';
import { type DeviceId, type UserId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import { anId } from '#protocol/testing/ids';
import type { Trust } from '../../../crypto/trust.ts';
import { newSecret, readVerifyCode, verifyCode } from '../../../crypto/verify-code.ts';
import type { VerifyRefusal } from '../../../crypto/verify.ts';
import { Dates } from '../../i18n/dates';
import { withWords } from '../../i18n/testing/with-words';
import { identityOf, json, serverOf } from '../account/testing/server';
import { FilmedCode } from '../account/testing/filmed-code';
import { Screen } from '../look/testing/screen';
import { CALL_STARTER } from './call-starter';
import { Contacts } from './contacts';
import { contactRoutes } from './contacts.routes';
import { below, contactCalled } from './testing/below';

const KEYS = { noor: `${'N'.repeat(42)}A`, ada: `${'a'.repeat(42)}A`, other: `${'x'.repeat(42)}A` };
const PHONE = anId<DeviceId>('0c0c0c0c-0000-4000-8000-000000000001');
const SINCE = new Date(2026, 4, 3, 12).getTime();

describe('the page on which two people verify each other', () => {
  const ada = contactCalled('Ada Okafor', 'accepted', SINCE);
  const noor = identityOf().me.id;
  let room: ReturnType<typeof below>;
  let camera: FilmedCode;
  let screen: Screen;
  let trust: Trust;
  let own: string | null;
  let theirs: string | null;
  let answer: Result<null, VerifyRefusal>;
  let done: unknown[];
  let places: unknown[];
  const current = signal<string | undefined>(undefined);

  beforeEach(async () => {
    room = below();
    camera = new FilmedCode();
    trust = 'pinned';
    [own, theirs] = [KEYS.noor, KEYS.ada];
    answer = ok(null);
    [done, places] = [[], []];
    current.set(undefined);
    Object.assign(room.keys.verbs, {
      follow: () => null,
      trustIn: () => trust,
      identities: () => ({ own, theirs }),
      verify: (compared: object) => {
        done.push({ verify: compared });
        if (answer.ok) trust = 'verified';
        return answer;
      },
      sendToAll: (input: object) => (done.push({ send: input }), ok(null)),
    });
    const starter = {
      current,
      place: (...call: unknown[]) => places.push(call),
      returnToCall: () => places.push('return'),
    };
    await withWords([
      ...room.providers,
      provideRouter([{ path: 'contacts', children: contactRoutes }], withComponentInputBinding()),
      { provide: CALL_STARTER, useValue: starter },
    ]);
  });
  afterEach(async () => {
    camera.end();
    await room.end();
  });

  async function open(): Promise<void> {
    serverOf({ 'GET /api/contacts?limit=500': () => json({ items: [ada] }) });
    await TestBed.inject(Contacts).refresh();
    const harness = await RouterTestingHarness.create(`/contacts/${ada.person.id}/verify`);
    screen = new Screen(harness.fixture, harness.routeNativeElement!);
    await harness.fixture.whenStable();
  }

  /** What Ada's screen shows. */
  const adasCode = (change: Partial<Parameters<typeof verifyCode>[0]> = {}) =>
    verifyCode({ userId: ada.person.id, own: KEYS.ada, theirs: KEYS.noor, secret: newSecret(), ...change });
  async function scan(text: string): Promise<void> {
    camera = new FilmedCode();
    spyOn(navigator.mediaDevices, 'getUserMedia').and.resolveTo(camera.stream);
    camera.shows(text);
    await screen.press('Scan Ada Okafor’s code');
  }
  const hears = (from: UserId, secret: string) =>
    room.keys.events.next([
      { number: 1, from: { userId: from, deviceId: PHONE }, type: SCANNED_TYPE, content: { version: 1, secret } },
    ]);
  const focused = () => document.activeElement?.textContent.trim();

  it('shows a code, what may be done, and how the person is known until now', async () => {
    await open();
    await screen.until(() => screen.page.querySelector('[role="img"] svg') !== null);
    expect(screen.page.querySelector('[role="img"]')?.getAttribute('aria-label')).toBe(
      'QR code for Ada Okafor to scan',
    );
    expect(screen.page.querySelector('.code parley-avatar')).not.toBeNull();
    const day = TestBed.inject(Dates).stamp(SINCE);
    await screen.shows(`Until now: known since ${day}, never compared. That is fine for most things.`);
    expect(screen.text).toContain('Scan once, then both of you see a shield.');
    await screen.press('We are not togetherCall and compare four emoji');
    expect(places).toEqual([[ada.person.id, 'video']]);
  });

  it('EE15b scans their code: both are verified, and their devices hear of it', async () => {
    await open();
    const secret = newSecret();
    await scan(adasCode({ secret }));
    await screen.shows('nobody stands between your devices');
    expect(done).toEqual([
      { verify: { userId: ada.person.id, masterKey: KEYS.ada, mayBeNew: true } },
      { send: { userId: ada.person.id, type: SCANNED_TYPE, content: { version: 1, secret } } },
    ]);
    await screen.until(() => focused() === 'Verified');
    expect(screen.text).toContain('Noor');
    expect(screen.page.querySelector('.good')).not.toBeNull();
    expect(camera.isOn).toBeFalse();
    // Where Ada has not heard of it, she scans this one.
    await screen.press('Show my code');
    await screen.shows('Let Ada Okafor scan this');
  });

  it('EE15c is told of the scan of its own code, by that person alone', async () => {
    const { InPerson } = await import('../../../crypto/in-person.ts');
    const asked = spyOn(InPerson.prototype, 'code').and.callThrough();
    await open();
    await screen.until(() => screen.page.querySelector('[role="img"] svg') !== null);
    const code = await asked.calls.mostRecent().returnValue;
    const read = readVerifyCode(code.ok ? code.value : '');
    const secret = read.ok ? read.value.secret : '';
    hears(noor, secret);
    hears(ada.person.id, newSecret());
    await screen.fixture.whenStable();
    expect(done).toEqual([]);
    hears(ada.person.id, secret);
    await screen.shows('You have compared with Ada Okafor');
    expect(done).toEqual([{ verify: { userId: ada.person.id, masterKey: KEYS.ada, mayBeNew: true } }]);
  });

  const mismatches = [
    [{ own: KEYS.other }, 'another identity than the one this device knows as Ada Okafor'],
    [{ theirs: KEYS.other }, 'knows another identity as yours'],
  ] as const;
  for (const [change, sentence] of mismatches) {
    it(`EE15b is loud where the keys differ: ${sentence}`, async () => {
      await open();
      await scan(adasCode(change));
      await screen.shows('This does not match');
      expect(screen.page.querySelector('[role="alert"]')?.textContent).toContain(sentence);
      expect(screen.text).toContain('Nothing was marked.');
      expect(done).toEqual([]);
      await screen.until(() => focused() === 'This does not match');
      await screen.press('Try again');
      await screen.until(() => focused() === 'Scan Ada Okafor’s code');
    });
  }

  const notes = [
    [
      'somebody else’s',
      { userId: anId<UserId>('0b0b0b0b-0000-4000-8000-000000000001') },
      'This code is not Ada Okafor’s.',
    ],
    ['one’s own', { userId: noor }, 'This is your own code.'],
  ] as const;
  for (const [whose, change, sentence] of notes) {
    it(`EE15b says that the code was ${whose}, and marks nothing`, async () => {
      await open();
      await scan(adasCode(change));
      await screen.shows(sentence);
      expect(done).toEqual([]);
      await screen.until(() => focused() === 'Scan Ada Okafor’s code');
    });
  }

  it('EE15b says that another version has made the code, and passes over codes of another kind', async () => {
    await open();
    await scan('https://example.org/soup');
    await screen.until(() => (screen.page.querySelector('video')?.currentTime ?? 0) > 0.6);
    camera.shows(adasCode().replace('PARLEY1', 'PARLEY2'));
    await screen.shows('This code is from another version of Parley.');
  });

  it('says that what was right could not be kept', async () => {
    answer = err('not-kept');
    await open();
    await scan(adasCode());
    await screen.shows('The code is right, but the server did not keep it.');
    expect(done.length).toBe(1);
  });

  it('says what to do where there is no camera, and goes back', async () => {
    await open();
    spyOn(navigator.mediaDevices, 'getUserMedia').and.rejectWith(new DOMException('', 'NotFoundError'));
    await screen.press('Scan Ada Okafor’s code');
    await screen.shows('Let the other person scan your code instead.');
    await screen.press('Close');
    await screen.until(() => focused() === 'Scan Ada Okafor’s code');
  });

  it('says what is missing where one of the two has no key, and shows a code as soon as it is there', async () => {
    theirs = null;
    await open();
    await screen.shows('Ada Okafor has no key yet.');
    own = null;
    room.keys.came.next();
    await screen.shows('This device does not have your key yet');
    expect(screen.button('Open')?.getAttribute('href')).toBe('/settings/keys');
    [own, theirs] = [KEYS.noor, KEYS.ada];
    room.keys.came.next();
    await screen.shows('Let Ada Okafor scan this');
  });

  it('shows who is verified, and says of a new identity that the scan settles it', async () => {
    trust = 'verified';
    await open();
    await screen.shows('You have compared with Ada Okafor');
    trust = 'verified-changed';
    room.keys.came.next();
    await screen.shows('Until now: a new identity, not compared.');
    // No call goes out before that is settled.
    expect(screen.text).not.toContain('We are not together');
  });

  it('leads back to a call with them, and starts none beside another one', async () => {
    await open();
    current.set('somebody else');
    await screen.press('We are not togetherCall and compare four emoji');
    expect(places).toEqual([]);
    current.set(ada.person.id);
    await screen.press('We are not togetherCall and compare four emoji');
    expect(places).toEqual(['return']);
  });
});
