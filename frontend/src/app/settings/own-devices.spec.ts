import { TestBed, type ComponentFixture } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import type { Device } from '#protocol/api/account';
import { anId } from '#protocol/testing/ids';
import { withWords } from '../../i18n/testing/with-words';
import { LOCAL_TABLES } from '../device/local-tables';
import { json, problemOf, serverOf } from '../account/testing/server';
import { below } from '../contacts/testing/below';
import { Screen } from '../look/testing/screen';
import { Toast } from '../look/toast';
import { ApproveDevicePage } from './approve-device-page';
import { deviceTables } from './device-tables';
import { NewDeviceCard } from './new-device-card';

const LIST = 'GET /api/devices?limit=100';
const device = (name: string, createdAt: number, current = false): Device => ({
  id: anId(`00000000-0000-4000-8000-${String(createdAt).padStart(12, '0')}`),
  name,
  createdAt,
  lastSeen: createdAt,
  current,
});
const older = device('Desktop, Edge', 1);
const here = device('Laptop, Firefox', 2, true);
const phone = device('Phone, Chrome', 3);
const tablet = device('Tablet, Safari', 4);

describe('another device that signs in', () => {
  let room: ReturnType<typeof below>;
  let screen: Screen;
  let devices: Device[];

  const setUp = () =>
    withWords([...room.providers, provideRouter([]), { provide: LOCAL_TABLES, useValue: deviceTables, multi: true }]);
  const open = async () => {
    const fixture: ComponentFixture<unknown> = TestBed.createComponent(NewDeviceCard);
    screen = new Screen(fixture, fixture.nativeElement as HTMLElement);
    await fixture.whenStable();
  };
  const listed = () => ({ [LIST]: () => json({ items: devices }) });

  beforeEach(async () => {
    room = below();
    devices = [older, here];
    await setUp();
  });
  afterEach(() => room.end());

  it('is announced with its name, and one that was there before this one is not', async () => {
    const asked = serverOf(listed());
    await open();
    await screen.until(() => asked.length === 1);
    expect(screen.text).toBe('');
    devices = [older, here, phone];
    room.frames.next({ type: 'devices.changed', n: 1 });
    await screen.shows('Phone, Chrome');
    expect(screen.text).toContain('Was that you?');
    expect(screen.text).not.toContain('Desktop, Edge');
    expect(screen.page.querySelector('[role="alert"]')?.textContent).toContain('Phone, Chrome');
  });

  it('is asked about until there is an answer, also after a reload, and never again', async () => {
    serverOf(listed());
    devices = [here, tablet, phone];
    await open();
    await screen.shows('Phone, Chrome');
    // A reload: everything is made again but what the device keeps.
    TestBed.resetTestingModule();
    await setUp();
    await open();
    await screen.shows('Phone, Chrome');
    await screen.press('Yes');
    await screen.shows('Tablet, Safari');
    TestBed.resetTestingModule();
    await setUp();
    await open();
    await screen.shows('Tablet, Safari');
    expect(screen.text).not.toContain('Phone, Chrome');
  });

  it('is signed out where somebody says so, and that is said', async () => {
    devices = [here, phone];
    const asked = serverOf({
      ...listed(),
      [`DELETE /api/devices/${phone.id}`]: () => {
        devices = [here];
        return new Response(null, { status: 204 });
      },
    });
    await open();
    await screen.press('Sign it out');
    await screen.shows('Phone, Chrome is signed out.');
    expect(asked.some(({ what }) => what === `DELETE /api/devices/${phone.id}`)).toBeTrue();
    expect(screen.button('Change password')?.getAttribute('href')).toBe('/settings/password');
    await screen.press('Close');
    expect(screen.text).toBe('');
  });

  it('is not asked about twice: while the page is open that approves it, the card waits', async () => {
    devices = [here, phone];
    serverOf(listed());
    await open();
    await screen.shows('Phone, Chrome');
    const page = TestBed.createComponent(ApproveDevicePage);
    await screen.until(() => screen.text === '');
    page.destroy();
    await screen.shows('Phone, Chrome');
  });

  it('stays asked about where the server does not sign it out', async () => {
    devices = [here, phone];
    serverOf({ ...listed(), [`DELETE /api/devices/${phone.id}`]: () => problemOf('internal', 500) });
    await open();
    await screen.press('Sign it out');
    await screen.until(() => TestBed.inject(Toast).sentence().includes('went wrong'));
    expect(screen.text).toContain('Phone, Chrome');
  });
});
