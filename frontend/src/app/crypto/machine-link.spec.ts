import { type Provider } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { type ConversationId, type DeviceAddress, type MessageId } from '#protocol/ids';
import { type ProblemType } from '#protocol/api/problem';
import { keyUserOf } from '#protocol/keys/objects';
import { err, ok } from '#protocol/result';
import { anId } from '#protocol/testing/ids';
import { random } from '../../../crypto/bytes.ts';
import { Refused } from '../../../crypto/key-server.ts';
import { boxKey } from '../../../crypto/sealed-box.ts';
import { type StoreClosed } from '../../../crypto/store-fault.ts';
import { ServerDouble } from '../../../crypto/testing/server-double.ts';
import { Account } from '../account/account';
import { Api } from '../account/api';
import { MachineLink } from './machine-link';
import { MACHINE_START } from './start-machine';

describe('The machine, in a real worker', () => {
  let server: ServerDouble;
  let own: DeviceAddress;
  let name: string;
  let leave: () => Promise<void>;
  let wrappingKey: CryptoKey;
  let providers: () => Provider[];

  beforeEach(async () => {
    wrappingKey = await boxKey(random(32));
    server = new ServerDouble();
    own = { userId: anId(crypto.randomUUID()), deviceId: anId(crypto.randomUUID()) };
    name = `spec-machine-${crypto.randomUUID()}`;
    const account = {
      keysName: () => name,
      address: () => own,
      beforeLeaving: (close: () => Promise<void>) => (leave = close),
    };
    const { ask } = server.connect(own);
    const request = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, { body }: { body?: unknown }) => {
      try {
        return ok(await ask(method, path, body));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        return err({ kind: 'problem', problem: { type: error.type as ProblemType } });
      }
    };
    providers = () => [
      { provide: Account, useValue: account },
      { provide: Api, useValue: { request } },
    ];
    TestBed.configureTestingModule({ providers: providers() });
  });
  afterEach(async () => {
    await leave();
    for (const { name: one = '' } of await indexedDB.databases())
      if (one.startsWith(name)) indexedDB.deleteDatabase(one);
  });

  const link = () => TestBed.inject(MachineLink);

  it('loads the library, puts this device’s keys on the server and makes its person’s identity', async () => {
    expect(link().state()).toBe('closed');
    expect(await link().call('standing', null)).toBe('none');
    expect(link().state()).toBe('open');
    expect(await link().call('makeIdentity', { wrappingKey })).not.toBeNull();
    expect(server.stateOf(own).oneTime).toBe(50);
    expect(await link().call('standing', null)).toBe('own');
    expect([...server.identities.keys()]).toEqual([keyUserOf(own.userId)]);
  });

  it('is the same device after it was closed', async () => {
    await link().call('makeIdentity', { wrappingKey });
    await link().close();
    expect(link().state()).toBe('closed');
    expect(await link().call('standing', null)).toBe('own');
    expect(await link().call('makeIdentity', { wrappingKey }))
      .withContext('there is one already')
      .toBeNull();
  });

  it('has lost its keys where its databases are gone, or the key that opened them', async () => {
    const remove = async (ending: RegExp) => {
      const names = (await indexedDB.databases()).map(database => database.name ?? '');
      for (const one of names.filter(one => one.startsWith(name) && ending.test(one))) {
        await new Promise(resolve => (indexedDB.deleteDatabase(one).onsuccess = resolve));
      }
    };
    await link().call('makeIdentity', { wrappingKey });
    await link().close();
    await remove(/-key$/);
    const otherKey: unknown = await link()
      .call('standing', null)
      .catch((error: unknown) => error);
    expect((otherKey as StoreClosed).fault).toBe('lost');
    expect(link().state()).toBe('closed');
    await remove(/-machine/);
    expect((await link().call('catchUp', null)).standing).toBe('lost');
  });

  it('is not lost where the browser gives it no database now', async () => {
    const open = indexedDB.open.bind(indexedDB);
    const opening = spyOn(indexedDB, 'open').and.throwError(new DOMException('Internal error', 'UnknownError'));
    const refused: unknown = await link()
      .call('standing', null)
      .catch((error: unknown) => error);
    expect((refused as StoreClosed).fault).toBe('refused');
    opening.and.callFake(open);
    expect(await link().call('standing', null)).toBe('none');
  });

  it('is closed before its person’s data can go', async () => {
    await link().call('standing', null);
    await leave();
    expect(link().state()).toBe('closed');
    const deleted = await new Promise<string>((resolve, reject) => {
      const deleting = indexedDB.deleteDatabase(`${name}-machine-rows`);
      deleting.onsuccess = () => resolve('deleted');
      deleting.onblocked = () => resolve('blocked');
      deleting.onerror = () => reject(new Error('not deleted'));
    });
    expect(deleted).toBe('deleted');
  });

  it('EE12 is told what it could not hear when it is opened next, be it by another page, and once', async () => {
    const { start, wasm } = TestBed.inject(MACHINE_START);
    let address = `${wasm}.missing`;
    const heard: unknown[] = [];
    const watched = () => {
      const port = start();
      const post = port.postMessage.bind(port);
      port.postMessage = (message: unknown) => {
        const { verb, input } = message as { verb?: string; input?: unknown };
        if (verb === 'giveUp' || verb === 'countAnew' || verb === 'standing') heard.push([verb, input]);
        post(message);
      };
      return port;
    };
    const nextPage = () => {
      TestBed.resetTestingModule();
      TestBed.configureTestingModule({
        providers: [...providers(), { provide: MACHINE_START, useFactory: () => ({ start: watched, wasm: address }) }],
      });
    };
    nextPage();
    const one = { conversationId: anId<ConversationId>('talk'), id: anId<MessageId>('never sent') };
    await expectAsync(link().call('giveUp', one)).toBeRejected();
    await expectAsync(link().call('countAnew', [one.conversationId])).toBeRejected();
    expect(heard).toEqual([]);
    address = wasm;
    for (let pages = 0; pages < 2; pages++) {
      nextPage();
      await link().call('standing', null);
      await link().close();
    }
    const told = [
      ['giveUp', one],
      ['countAnew', [one.conversationId]],
    ];
    expect(heard).toEqual([...told, ['standing', null], ['standing', null]]);
    await link().call('giveUp', one);
    await link().close();
    expect(heard.slice(4)).withContext('once at the opening, and once more').toEqual([told[0], told[0]]);
    await link().call('standing', null);
    expect(heard.slice(6)).toEqual([['standing', null]]);
  });

  it('says so where the library cannot be loaded, and tries again at the next call', async () => {
    const { start, wasm } = TestBed.inject(MACHINE_START);
    let address = `${wasm}.missing`;
    TestBed.resetTestingModule();
    TestBed.configureTestingModule({
      providers: [
        {
          provide: Account,
          useValue: { keysName: () => name, address: () => own, beforeLeaving: () => undefined },
        },
        { provide: Api, useValue: { request: async () => err({ kind: 'unreachable' }) } },
        {
          provide: MACHINE_START,
          useValue: {
            start,
            get wasm() {
              return address;
            },
          },
        },
      ],
    });
    await expectAsync(link().call('standing', null)).toBeRejected();
    expect(link().state()).toBe('closed');
    address = wasm;
    await expectAsync(link().call('standing', null)).toBeRejectedWithError(/the server is unreachable/);
    leave = () => link().close();
  });
});
