import { type ConversationId, type DeviceAddress, type UserId } from '#protocol/ids';
import { keyUserOf } from '#protocol/keys/objects';
import { ok } from '#protocol/result';
import { random } from './bytes.ts';
import { changeDevices, queryOwn, standing } from './identity.ts';
import { Refused } from './key-server.ts';
import { Machine } from './machine.ts';
import { Olm } from './olm.ts';
import { Rows } from './rows.ts';
import { boxKey } from './sealed-box.ts';
import { StoreClosed } from './store-fault.ts';
import { loaded, newId, person, TestDevice } from './testing/people.ts';
import { ServerDouble } from './testing/server-double.ts';

/** Of the password, in these specs. */
const wrappingKey = await boxKey(random(32));

const over = (request: IDBOpenDBRequest): Promise<unknown> =>
  new Promise((resolve, reject) => {
    request.onsuccess = resolve;
    request.onerror = () => reject(new Error('IndexedDB refused', { cause: request.error }));
  });

/** Mira at a device with a backup, Jonas, and what Jonas has written to her. */
async function meet() {
  const server = new ServerDouble();
  const [jonas] = await person(server, 1);
  const userId = newId<UserId>();
  const mira = await TestDevice.open(server, { userId, deviceId: newId() });
  await mira.secrets.make({ wrappingKey });
  const members = [jonas!.address.userId, userId];
  const conversationId = newId<ConversationId>();
  const written = await jonas!.write(conversationId, members, 'before');
  await mira.catchUp();
  if (!written.ok) throw new Error(written.error.why);
  expect(await mira.read(written.value)).toBe('“before”');
  return { server, mira, jonas: jonas!, members, conversationId, before: written.value };
}

/** The verbs of a machine on the keys of this device, as a page has them. */
function machineOf(server: ServerDouble, own: DeviceAddress, storeName: string) {
  const network = server.connect(own);
  const port = { postMessage: (_: unknown) => undefined, onmessage: null as ((event: MessageEvent) => void) | null };
  const machine = new Machine(port, loaded);
  port.postMessage = (message: unknown) => {
    const { is, id, input } = message as {
      is: string;
      id: number;
      input: { method: 'GET'; path: string; body: unknown };
    };
    if (is !== 'call') return undefined;
    const answer = (value: unknown) => port.onmessage?.({ data: { is: 'answer', id, value } } as MessageEvent);
    void network.ask(input.method, input.path, input.body).then(
      value => answer({ value }),
      (error: unknown) => answer({ refused: error instanceof Refused ? error.type : 'internal' }),
    );
    return undefined;
  };
  const open = (key = 7) => machine.open({ own, storeName, storeKey: new Uint8Array(32).fill(key), wasm: '' });
  return { machine, open };
}

describe('a device whose store', () => {
  it('EE18a, EE18b is gone says so, and the device that comes after it takes its place on the list and reads what was backed up', async () => {
    const { server, mira, jonas, members, conversationId, before } = await meet();
    await mira.backup.backUp();
    const { userId, deviceId } = mira.address;
    const { machine, open } = machineOf(server, mira.address, newId());
    expect(await open()).toBeNull();
    expect((await machine.catchUp()).standing).toBe('lost');
    expect(await machine.standing()).toBe('lost');
    await machine.close();

    // As the server does where a device signs out.
    server.devices.get(keyUserOf(userId))?.delete(deviceId);
    const next = await TestDevice.open(server, { userId, deviceId: newId() });
    expect(await next.secrets.join(wrappingKey)).toEqual(ok(null));
    expect(await changeDevices(next.olm, ids => ids.filter(id => id !== deviceId))).toEqual([next.address.deviceId]);
    expect(await next.backup.restore()).toEqual(ok({ imported: 1, refused: 0, left: 0 }));
    expect(await next.read(before)).toBe('“before”');
    await jonas.catchUp();
    const after = await jonas.write(conversationId, members, 'after');
    await next.catchUp();
    expect(after.ok && (await next.read(after.value))).toBe('“after”');
    const answer = await next.write(conversationId, members, 'and back');
    await jonas.catchUp();
    expect(answer.ok && (await jonas.read(answer.value))).toBe('“and back”');
  });

  it('is gone says so where only its rows have stayed', async () => {
    const { server, mira } = await meet();
    const storeName = newId();
    const rows = await Rows.open(`${storeName}-rows`);
    const identity = (await mira.olm.rows.get('identity', 'own')) ?? '';
    await rows.put('identity', 'own', identity);
    rows.close();
    const { machine, open } = machineOf(server, mira.address, storeName);
    expect(await open()).toBeNull();
    expect((await machine.catchUp()).standing).toBe('lost');
    await machine.close();
  });

  it('is there, and its rows are not, is opened by the password as it was, and uses no session again', async () => {
    const { server, mira, jonas, members, conversationId, before } = await meet();
    const first = await mira.write(conversationId, members, 'first');
    await mira.olm.close();
    await over(indexedDB.deleteDatabase(`${mira.storeName}-rows`));
    const again = await TestDevice.open(server, mira.address, mira.storeName);
    await queryOwn(again.olm);
    expect(await standing(again.olm)).toBe('locked');
    expect(await again.secrets.join(wrappingKey)).toEqual(ok(null));
    expect(await standing(again.olm)).toBe('own');
    expect(await again.read(before)).toBe('“before”');
    const second = await again.write(conversationId, members, 'second');
    const sessionOf = (data: string) => (JSON.parse(data) as { session_id: string }).session_id;
    if (!first.ok || !second.ok) throw new Error(JSON.stringify([first, second]).slice(0, 600));
    expect(sessionOf(second.value.data)).not.toBe(sessionOf(first.value.data));
    await jonas.catchUp();
    expect(await jonas.read(second.value)).toBe('“second”');
  });

  it('was written under another key is lost; one that the browser does not open may come back', async () => {
    const { server, mira } = await meet();
    await mira.olm.close();
    const { machine, open } = machineOf(server, mira.address, mira.storeName);
    expect(await open(8)).toBe('lost');
    const opening = spyOn(indexedDB, 'open').and.throwError(new DOMException('Internal error', 'UnknownError'));
    expect(await open()).toBe('refused');
    opening.and.callThrough();
    expect(await open()).toBeNull();
    expect(await machine.standing()).toBe('own');
    await machine.close();
    const options = { ...mira.olm.options, storeKey: new Uint8Array(32).fill(8) };
    await expectAsync(Olm.open(options)).toBeRejectedWithError(StoreClosed);
  });

  it('stays where only one-time keys are refused, whatever the server says', async () => {
    const { server, mira } = await meet();
    server.tamper = (_who, request, answer) => {
      if (request === 'POST /api/keys/upload') throw new Refused('keys-fixed');
      return answer;
    };
    server.oneTimeKeys.clear();
    await mira.olm.library.receiveSyncChanges('[]', mira.olm.changedLists([], []), new Map([['signed_curve25519', 0]]));
    await expectAsync(mira.olm.pump()).toBeRejectedWithError(Refused);
    expect(mira.olm.isLost).toBeFalse();
  });
});
