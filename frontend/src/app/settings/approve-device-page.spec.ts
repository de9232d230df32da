import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { Device } from '#protocol/api/account';
import { type DeviceId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import { anId } from '#protocol/testing/ids';
import type { ApprovalRefusal } from '../../../crypto/approval.ts';
import { deviceCode } from '../../../crypto/device-code.ts';
import { verifyCode } from '../../../crypto/verify-code.ts';
import { withWords } from '../../i18n/testing/with-words';
import { FilmedCode } from '../account/testing/filmed-code';
import { identityOf, json, problemOf, serverOf } from '../account/testing/server';
import { below } from '../contacts/testing/below';
import { LOCAL_TABLES } from '../device/local-tables';
import { Screen } from '../look/testing/screen';
import { ApproveDevicePage } from './approve-device-page';
import { deviceTables } from './device-tables';
import { OwnDevices } from './own-devices';

const ME = identityOf().me.id;
const LAPTOP = anId<DeviceId>('0c0c0c0c-0000-4000-8000-000000000002');
const device = (name: string, id: DeviceId, createdAt: number, current = false): Device => ({
  id,
  name,
  createdAt,
  lastSeen: createdAt,
  current,
});
const KEY = 'K'.repeat(42) + 'A';

describe('the page on which a new device is approved', () => {
  let room: ReturnType<typeof below>;
  let camera: FilmedCode;
  let fixture: ComponentFixture<ApproveDevicePage>;
  let screen: Screen;
  let devices: Device[];
  let answer: Result<unknown, ApprovalRefusal>;
  let asked: unknown[];
  let removed: string[];
  let listAnswer: () => Response;

  beforeEach(async () => {
    room = below();
    camera = new FilmedCode();
    devices = [
      device('Phone, Chrome', anId('0c0c0c0c-0000-4000-8000-000000000001'), 1, true),
      device('Laptop, Firefox', LAPTOP, 2),
    ];
    answer = ok({ userId: ME, deviceId: LAPTOP });
    [asked, removed] = [[], []];
    listAnswer = () => json({ items: devices });
    room.keys.verbs['approveDevice'] = (code: string) => (asked.push(code), answer);
    await withWords([
      ...room.providers,
      provideRouter([]),
      { provide: LOCAL_TABLES, useValue: deviceTables, multi: true },
    ]);
    serverOf({
      'GET /api/devices?limit=100': () => listAnswer(),
      [`DELETE /api/devices/${LAPTOP}`]: () => (removed.push(LAPTOP), new Response(null, { status: 204 })),
    });
    spyOn(navigator.mediaDevices, 'getUserMedia').and.callFake(() => Promise.resolve(camera.stream));
  });
  afterEach(async () => {
    camera.end();
    fixture.destroy();
    await room.end();
  });

  async function open(): Promise<void> {
    fixture = TestBed.createComponent(ApproveDevicePage);
    screen = new Screen(fixture, fixture.nativeElement as HTMLElement);
    document.body.append(screen.page);
    await fixture.whenStable();
  }
  const shown = (deviceId: DeviceId = LAPTOP) =>
    deviceCode({ device: { userId: ME, deviceId }, key: KEY, secret: 's'.repeat(42) + 'A' });
  async function scan(text: string): Promise<void> {
    camera.shows(text);
    await screen.press('Scan the code');
  }
  const focused = () => document.activeElement?.getAttribute('aria-label');

  it('asks whether the device is this person’s, as the server names it, and approves it', async () => {
    await open();
    await scan(shown());
    await screen.shows('Is this you?');
    expect(camera.isOn).toBeFalse();
    expect(screen.text).toContain('Laptop, Firefox');
    expect(screen.text).toContain('It cannot read or write anything yet.');
    await screen.until(() => focused() === 'Approve a device');
    expect(asked).toEqual([]);
    await screen.press('Yes, approve it');
    await screen.shows('Laptop, Firefox is approved');
    expect(asked).toEqual([shown()]);
    // It is not asked about again.
    expect(TestBed.inject(OwnDevices).unconfirmed()).toEqual([]);
  });

  it('signs out a device that is not', async () => {
    await open();
    await scan(shown());
    await screen.press('No, sign it out');
    await screen.until(() => removed.length === 1);
    await screen.shows('Scan the code');
    expect(asked).toEqual([]);
  });

  it('EE16c is loud where the server shows another key than the code', async () => {
    answer = err('other-key');
    await open();
    await scan(shown());
    await screen.press('Yes, approve it');
    await screen.shows('Do not go on');
    expect(screen.page.querySelector('[role="alert"]')?.textContent).toContain('The device got nothing.');
    await screen.press('Scan again');
    await screen.until(() => screen.page.querySelector('video') !== null);
  });

  const notes = [
    ['other-person', 'signed in to another account'],
    ['not-own', 'does not have your key itself'],
    ['not-sent', 'It could not be approved'],
  ] as const;
  for (const [refusal, sentence] of notes) {
    it(`says why a device was not approved: ${refusal}`, async () => {
      answer = err(refusal);
      await open();
      await scan(shown());
      await screen.press('Yes, approve it');
      await screen.shows(sentence);
      await screen.shows('Scan the code');
    });
  }

  it('says that a device is not signed in any more, and that a code is of another version, and passes over others', async () => {
    await open();
    const persons = { userId: ME, own: KEY, theirs: KEY, secret: 's'.repeat(22) };
    await scan(verifyCode(persons));
    await screen.until(() => (screen.page.querySelector('video')?.currentTime ?? 0) > 0.6);
    camera.shows(shown(anId('0c0c0c0c-0000-4000-8000-000000000009')));
    await screen.shows('not signed in to your account any more');
    camera = new FilmedCode();
    await scan(shown().replace('DEVICE1', 'DEVICE2'));
    await screen.shows('another version of Parley');
    expect(asked).toEqual([]);
  });

  it('does not say that a device is signed out where the server does not answer', async () => {
    listAnswer = () => problemOf('internal', 500);
    await open();
    await scan(shown());
    await screen.shows('It could not be approved: the server does not answer');
    expect(screen.text).not.toContain('not signed in to your account any more');
  });

  it('leads a device without the key to its own door', async () => {
    room.keys.state.set('locked');
    await open();
    await screen.shows('does not have your key itself');
    expect(screen.button('Scan the code')).toBeUndefined();
  });
});
