import { signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import type { Device } from '#protocol/api/account';
import { deviceId } from '#protocol/ids';
import { err, ok } from '#protocol/result';
import { anId } from '#protocol/testing/ids';
import { withWords } from '../../i18n/testing/with-words';
import { Account } from '../account/account';
import { json, problemOf, serverOf, someone } from '../account/testing/server';
import { below } from '../contacts/testing/below';
import { type KeyState } from '../crypto/own-keys';
import { ScriptedKeys } from '../crypto/testing/keys';
import { remembered } from '../device/remembered';
import { LOCAL_TABLES } from '../device/local-tables';
import { Screen } from '../look/testing/screen';
import { deviceTables } from './device-tables';
import { LostDevicePage } from './lost-device-page';

const OLD = 'seven lanterns on the quay';
const NEW = 'eight lanterns on the quay';
const CHANGE = 'POST /api/auth/password';

describe('The page for a device that is lost', () => {
  let room: ReturnType<typeof below>;
  let keys: ScriptedKeys;
  let fixture: ComponentFixture<LostDevicePage>;
  let screen: Screen;
  /** The public master key of this person. */
  let own: string | null;
  /** What happens in this order. */
  let steps: string[];
  /** The password that the server has. */
  let password: string;
  /** Whether the server has heard a request, and whether its answer comes. */
  let way: 'there' | 'no-answer' | 'nowhere';

  const device = (name: string, current: boolean): Device => ({
    id: deviceId.parse(crypto.randomUUID()),
    name,
    createdAt: 0,
    lastSeen: 1,
    current,
  });
  const laptop = device('Laptop, Firefox', false);

  beforeEach(async () => {
    room = below();
    keys = new ScriptedKeys();
    [own, steps, password, way] = ['before', [], OLD, 'there'];
    keys.verbs['identities'] = () => ({ own, theirs: own });
    keys.removeDevices = async (...ids: unknown[]) => void steps.push(`list without ${String(ids)}`);
    keys.startNew = async typed => {
      steps.push('new identity');
      if (typed !== password || way !== 'there') return err('no-answer');
      own = 'after';
      return ok(null);
    };
    await withWords([
      ...room.providers,
      keys.provider,
      provideRouter([
        { path: 'settings/recovery-code', children: [] },
        { path: 'settings/devices', children: [] },
      ]),
      {
        provide: Account,
        useValue: {
          me: signal(someone()),
          address: () => ({ userId: anId('me'), deviceId: anId('here') }),
          keysOf: async (typed: string) => ({ loginSecret: typed }),
          prove: async (typed: string) => {
            steps.push('prove');
            return typed === password
              ? ok(undefined)
              : err({ kind: 'problem', problem: { type: 'wrong-credentials' } });
          },
          databaseName: () => 'unused',
          beforeLeaving: () => undefined,
        },
      },
      { provide: LOCAL_TABLES, useValue: deviceTables, multi: true },
    ]);
    serverOf({
      'GET /api/devices?limit=100': () => json({ items: [device('here', true), laptop] }),
      [CHANGE]: ({ body }) => {
        const { currentSecret, newSecret } = body as { currentSecret: string; newSecret: string };
        if (way === 'nowhere') throw new TypeError('no network');
        if (currentSecret !== password) return problemOf('wrong-credentials', 403);
        steps.push('password');
        password = newSecret;
        if (way === 'no-answer') throw new TypeError('no network');
        return new Response(null, { status: 204 });
      },
    });
  });
  afterEach(async () => {
    fixture.destroy();
    localStorage.removeItem('parley.shut-out');
    await room.end();
  });

  /** @param which null: no certain device */
  async function open(which: string | null = laptop.id, state: KeyState = 'own'): Promise<void> {
    keys.state.set(state);
    fixture = TestBed.createComponent(LostDevicePage);
    fixture.componentRef.setInput('device', which ?? undefined);
    screen = new Screen(fixture, fixture.nativeElement as HTMLElement);
    await fixture.whenStable();
  }
  async function shutOut(current = OLD, next = NEW): Promise<void> {
    await screen.type('Current password', current);
    await screen.type('New password', next);
    await screen.press('Make new keys');
  }
  const isAt = (path: string) => screen.until(() => TestBed.inject(Router).url === path);

  it('says everything that follows, then does it in its order and leads to the new recovery code', async () => {
    await open();
    await screen.shows('“Laptop, Firefox” is lost or stolen');
    for (const words of [
      'all your other devices, at once',
      'does not open with the old ones',
      'The old one opens nothing any more',
      'your identity is new',
      'every message that this device can read',
    ]) {
      expect(screen.text).toContain(words);
    }
    await shutOut();
    await isAt('/settings/recovery-code');
    expect(steps).toEqual(['password', `list without ${laptop.id}`, 'new identity']);
    expect(remembered('parley.shut-out')).toBeNull();
  });

  it('does the same where nobody knows who knows the password', async () => {
    await open(null);
    await screen.shows('Somebody may know it?');
    expect(screen.text).toContain('All your other devices, at once.');
    await shutOut();
    await isAt('/settings/recovery-code');
    expect(steps).toEqual(['password', 'new identity']);
  });

  it('has begun nothing where the current password is wrong', async () => {
    await open();
    await shutOut('six lanterns');
    await screen.shows('The current password is wrong.');
    expect(steps).toEqual([]);
    expect(remembered('parley.shut-out')).toBeNull();
  });

  it('goes on with the same two passwords where the answer to the new one was lost, and not with others', async () => {
    await open();
    way = 'no-answer';
    await shutOut();
    await screen.shows('The server cannot be reached.');
    await screen.shows('This was begun and not finished.');
    way = 'there';
    await shutOut(OLD, 'nine lanterns on the quay');
    await screen.shows('The current password is wrong.');
    expect(steps).not.toContain('new identity');
    await shutOut();
    await isAt('/settings/recovery-code');
    expect(steps.at(-1)).toBe('new identity');
  });

  it('is remembered by the next page until there are new keys', async () => {
    await open();
    spyOn(keys, 'startNew').and.resolveTo(err('no-answer'));
    await shutOut();
    await screen.shows('Your new password counts, but the new keys are not there yet');
    fixture.destroy();
    await open(null);
    await screen.shows('This was begun and not finished.');
    await screen.press('Leave it as it is');
    await isAt('/settings/devices');
    expect(remembered('parley.shut-out')).toBeNull();
  });

  it('is done where the keys have come although nobody has heard of it', async () => {
    await open();
    spyOn(keys, 'startNew').and.callFake(async () => {
      own = 'after';
      return err('no-answer');
    });
    await shutOut();
    await isAt('/settings/recovery-code');
  });

  it('leads to the key where this device does not have it', async () => {
    for (const state of ['locked', 'replaced', 'removed'] as const) {
      await open(laptop.id, state);
      await screen.shows('it cannot make new ones');
      expect(screen.button('What to do')?.getAttribute('href')).toBe('/settings/keys');
      fixture.destroy();
    }
  });
});
