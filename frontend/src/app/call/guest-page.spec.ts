import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { ActivatedRoute } from '@angular/router';
import { of } from 'rxjs';
import { IDLE } from '#protocol/call-client-state';
import { withWords } from '../../i18n/testing/with-words';
import { Account } from '../account/account';
import { GuestCalls } from '../crypto/guest-calls';
import { Signaling } from '../signaling/signaling';
import { Call } from './call';
import { CallLink } from './call-link';
import { CallMedia } from './call-media';
import { GuestPage } from './guest-page';
import { IceServerSource } from './ice-servers';

describe('GuestPage', () => {
  const asOfAnAccount = () => Promise.reject(new Error('asked in the name of nobody'));
  let said: string[];
  let servers: { request: unknown };

  async function open() {
    said = [];
    servers = { request: asOfAnAccount };
    await withWords([
      { provide: Call, useValue: { state: signal(IDLE), leave: () => said.push('left') } },
      { provide: Signaling, useValue: { disconnect: () => said.push('disconnected') } },
      { provide: IceServerSource, useValue: servers },
      { provide: Account, useValue: { me: signal(undefined), state: signal({ is: 'unknown' }) } },
      { provide: ActivatedRoute, useValue: { fragment: of('AAECAwQFBgcICQoLDA0ODw') } },
      { provide: CallLink, useValue: {} },
      { provide: CallMedia, useValue: { asksFor: signal([]) } },
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

  it('leaves the connection of an account alone where nobody has knocked', async () => {
    (await open()).destroy();
    expect(said).toEqual([]);
  });
});
