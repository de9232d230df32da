import { signal, type WritableSignal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { ActivatedRoute } from '@angular/router';
import { NEVER, of } from 'rxjs';
import { type ClientCall, IDLE } from '#protocol/call-client-state';
import { withWords } from '../../i18n/testing/with-words';
import { Account } from '../account/account';
import { Pictures } from '../contacts/pictures';
import { GuestCalls } from '../crypto/guest-calls';
import { type LinkStatus, Signaling } from '../signaling/signaling';
import { Call } from './call';
import { CallLink } from './call-link';
import { CallMedia } from './call-media';
import { NO_DEVICES } from './device-choice';
import { GuestPage } from './guest-page';
import { IceServerSource } from './ice-servers';
import { NOTHING } from './local-media';

describe('GuestPage', () => {
  const asOfAnAccount = () => Promise.reject(new Error('asked in the name of nobody'));
  let said: string[];
  let servers: { request: unknown };
  const call = signal<ClientCall>(IDLE);
  const status = signal<LinkStatus>({ is: 'live' });
  const missing = { is: 'missing', problem: 'refused' } as const;

  async function open() {
    said = [];
    servers = { request: asOfAnAccount };
    await withWords([
      { provide: Call, useValue: { state: call, leave: () => said.push('left') } },
      {
        provide: Signaling,
        useValue: { status, frames: NEVER, welcome: signal(null), disconnect: () => said.push('disconnected') },
      },
      { provide: IceServerSource, useValue: servers },
      { provide: Account, useValue: { me: signal(undefined), state: signal({ is: 'unknown' }) } },
      { provide: ActivatedRoute, useValue: { fragment: of('AAECAwQFBgcICQoLDA0ODw') } },
      { provide: CallLink, useValue: {} },
      { provide: Pictures, useValue: { urlOf: () => undefined } },
      {
        provide: CallMedia,
        useValue: {
          asksFor: signal([]),
          local: signal({ ...NOTHING, microphone: missing, camera: missing }),
          muted: signal(true),
          devices: signal(NO_DEVICES),
        },
      },
    ]);
    return TestBed.createComponent(GuestPage);
  }

  it('ends the call and is a guest’s no longer when it is left: who signs in afterwards has calls of their own', async () => {
    const fixture = await open();
    const guests = TestBed.inject(GuestCalls);
    const host = { id: 'noor' as never, displayName: 'Noor Haddad' };
    guests.pass = { userId: `guest:${crypto.randomUUID()}` as never, host };
    servers.request = () => 'by the token of the guest';
    fixture.destroy();
    expect(said).toEqual(['left', 'disconnected']);
    expect([guests.concerns(host.id), servers.request]).toEqual([false, asOfAnAccount]);
  });

  it('says while its guest waits that the browser gives no camera, and not that the host sees them while there is no server', async () => {
    call.set({ state: 'outgoing', devices: 1 } as ClientCall);
    const fixture = await open();
    const page = fixture.componentInstance as unknown as { host: WritableSignal<object> };
    page.host.set({ id: 'noor', displayName: 'Noor Haddad' });
    await fixture.whenStable();
    const shown = () => (fixture.nativeElement as HTMLElement).innerText;
    expect(shown()).toContain('Parley may not use your camera.');
    expect(shown()).toContain('Noor Haddad sees that you are here.');
    status.set({ is: 'connecting' });
    await fixture.whenStable();
    expect(shown()).not.toContain('sees that you are here');
    call.set(IDLE);
  });

  it('leaves the connection of an account alone where nobody has knocked', async () => {
    (await open()).destroy();
    expect(said).toEqual([]);
  });
});
