import { type ConversationId, type DeviceAddress, type MessageId, type UserId } from '#protocol/ids';
import { ok } from '#protocol/result';
import { random } from './bytes.ts';
import { type MachineVerbs } from './contract.ts';
import { Refused } from './key-server.ts';
import { Machine } from './machine.ts';
import { boxKey } from './sealed-box.ts';
import { loaded, newId } from './testing/people.ts';
import { ServerDouble } from './testing/server-double.ts';
import { WatchedWorker, type WorkerPort } from './watched-worker.ts';

/** A page with its worker: across a port, as in a browser; the network is the double. */
function pageOf(server: ServerDouble, own: DeviceAddress, storeName: string) {
  const heard: string[] = [];
  const network = server.connect(own);
  const start = (): WorkerPort => {
    const { port1, port2 } = new MessageChannel();
    new Machine(port2, loaded);
    const terminate = () => {
      port1.close();
      port2.close();
    };
    return Object.assign(port1, { onerror: null, terminate });
  };
  const worker = new WatchedWorker(
    start,
    async (verb, input) => {
      if (verb !== 'ask') return void heard.push(verb);
      const { method, path, body } = input as { method: 'GET'; path: string; body: unknown };
      try {
        return { value: await network.ask(method, path, body) };
      } catch (error) {
        if (error instanceof Refused) return { refused: error.type };
        throw error;
      }
    },
    async call => {
      await call('open', { own, storeName, storeKey: new Uint8Array(32).fill(7), wasm: '' });
    },
  );
  const call = <V extends keyof MachineVerbs>(verb: V, input: Parameters<MachineVerbs[V]>[0]) =>
    worker.call(verb, input) as ReturnType<MachineVerbs[V]>;
  return { call, heard, own, worker, catchUp: () => call('catchUp', null) };
}

const someone = (userId = newId<UserId>()): DeviceAddress => ({ userId, deviceId: newId() });

/** Of the password, in these specs. */
const wrappingKey = await boxKey(random(32));
const CODE = /^(\w{4} ){7}\w{4}$/;

describe('the machine behind its port', () => {
  it('seals for another person, reads what they wrote, and says what is refused', async () => {
    const server = new ServerDouble();
    const mira = pageOf(server, someone(), newId());
    const jonas = pageOf(server, someone(), newId());
    const members = [mira.own.userId, jonas.own.userId];
    const conversationId = newId<ConversationId>();
    expect(await mira.call('makeIdentity', { wrappingKey })).toMatch(CODE);
    const said = { conversationId, members, id: newId<MessageId>(), time: 1 };
    const content = { kind: 'text', body: 'hello' } as const;
    const waits = await mira.call('seal', { ...said, content });
    expect(waits).toEqual({ ok: false, error: { why: 'no-identity', who: jonas.own.userId } });
    expect(await jonas.call('makeIdentity', { wrappingKey })).toMatch(CODE);
    await mira.catchUp();
    const sealed = await mira.call('seal', { ...said, content });
    expect(sealed.ok).toBeTrue();
    await jonas.catchUp();
    const data = sealed.ok ? sealed.value : '';
    const entry = { conversationId, seq: 1, id: said.id, author: mira.own, at: 1, counts: true, data };
    const read = await jonas.call('read', entry);
    expect(read.ok && read.value.content).toEqual(content);
    // The attempt that was refused has taken no second number.
    expect(read.ok && read.value.envelope).toEqual(jasmine.objectContaining({ counter: 1, time: 1 }));
    // What is deleted on its way is named by what follows.
    await jonas.call('giveUp', { conversationId, id: newId<MessageId>() });
    const deleted = { ...said, id: newId<MessageId>() };
    await jonas.call('seal', { ...deleted, content });
    await jonas.call('giveUp', { conversationId, id: deleted.id });
    const reply = { ...said, id: newId<MessageId>() };
    const answer = await jonas.call('seal', { ...reply, content });
    await mira.catchUp();
    const back = { ...entry, seq: 2, id: reply.id, author: jonas.own, data: answer.ok ? answer.value : '' };
    const heard = await mira.call('read', back);
    expect(heard.ok && heard.value.envelope).toEqual(
      jasmine.objectContaining({
        counter: 2,
        numbered: { from: 1, but: [1] },
        seen: jasmine.objectContaining({ upTo: 1, count: 1 }),
      }),
    );
    expect(heard.ok && heard.value.envelope.devices.number).toBe(1);
    expect(await jonas.call('trustIn', mira.own.userId)).toBe('pinned');
    const compared = await mira.call('identities', jonas.own.userId);
    const identity = compared.own ?? '';
    expect(read.ok && read.value.known).toEqual(
      jasmine.objectContaining({ how: 'signed', written: 1, identity, counter: 1, numbered: { from: 1, but: [] } }),
    );
    expect(compared).toEqual(
      await jonas.call('identities', mira.own.userId).then(({ own, theirs }) => ({ own: theirs, theirs: own })),
    );
    expect(await jonas.call('verify', { userId: mira.own.userId, masterKey: compared.own ?? '' })).toEqual(ok(null));
    expect(await jonas.call('trustIn', mira.own.userId)).toBe('verified');
    for (const page of [mira, jonas]) await page.call('close', null);
  });

  it('opens without the network, and reads what it has the key of', async () => {
    const server = new ServerDouble();
    const [own, storeName, conversationId] = [someone(), newId(), newId<ConversationId>()];
    const online = pageOf(server, own, storeName);
    await online.call('makeIdentity', { wrappingKey });
    const id = newId<MessageId>();
    const content = { kind: 'text', body: 'a note' } as const;
    const sealed = await online.call('seal', { conversationId, members: [own.userId], id, time: 1, content });
    await online.call('close', null);
    online.worker.end('over');
    server.tamper = () => {
      throw new Error('no network');
    };
    const offline = pageOf(server, own, storeName);
    const data = sealed.ok ? sealed.value : '';
    const read = await offline.call('read', {
      conversationId,
      seq: 1,
      id,
      author: own,
      at: 1,
      counts: true,
      data,
    });
    expect(read.ok && read.value.content).toEqual(content);
    await offline.call('close', null);
    // Nor does the very first start wait for it.
    const fresh = pageOf(server, someone(), newId());
    expect(await fresh.call('trustIn', own.userId)).toBe('none');
    await fresh.call('close', null);
  });

  it('gives a second device the identity of the first, and refuses to make another one', async () => {
    const server = new ServerDouble();
    const phone = pageOf(server, someone(), newId());
    const laptop = pageOf(server, someone(phone.own.userId), newId());
    await phone.call('makeIdentity', { wrappingKey });
    expect(await laptop.call('standing', null)).toBe('locked');
    expect(await laptop.call('makeIdentity', { wrappingKey })).toBeNull();
    const wrong = { by: 'password', wrappingKey: await boxKey(random(32)) } as const;
    expect(await laptop.call('openSecrets', wrong)).toEqual({ ok: false, error: 'not-opened' });
    expect((await laptop.call('openSecrets', { by: 'password', wrappingKey })).ok).toBeTrue();
    expect(await laptop.call('standing', null)).toBe('own');
    await phone.catchUp();
    const sealed = await phone.call('sealFor', { to: laptop.own, type: 'parley.hello', content: { a: 1 } });
    const opened = await laptop.call('openFrom', {
      sender: phone.own.userId,
      sealed: sealed.ok ? sealed.value : '',
    });
    expect(opened).toEqual({ ok: true, value: { from: phone.own, type: 'parley.hello', content: { a: 1 } } });
    for (const page of [phone, laptop]) await page.call('close', null);
  });

  it('goes to a second tab of the profile after it was closed in the first, and goes on there', async () => {
    const server = new ServerDouble();
    const [own, storeName] = [someone(), newId()];
    const first = pageOf(server, own, storeName);
    await first.call('makeIdentity', { wrappingKey });
    const second = pageOf(server, own, storeName);
    expect(await second.call('standing', null)).toBe('own');
    expect(first.heard).toEqual(['handedOver']);
    await expectAsync(first.call('standing', null)).toBeRejectedWithError('the machine is not open');
    await second.call('close', null);
  });

  it('opens again in a new worker where the one before was killed, with the same keys', async () => {
    const server = new ServerDouble();
    const mira = pageOf(server, someone(), newId());
    await mira.call('makeIdentity', { wrappingKey });
    await mira.call('close', null);
    mira.worker.end('killed');
    expect(await mira.call('standing', null)).toBe('own');
    expect(mira.worker.starts).toBe(2);
    await mira.call('close', null);
  });
});
