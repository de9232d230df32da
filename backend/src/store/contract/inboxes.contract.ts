import { BACKUP_BATCH_BYTES, BACKUP_VERSIONS, KEYS_PAGE_BYTES } from '#protocol/keys/limits';
import { keyUserOf } from '#protocol/keys/objects';
import type { ConversationId } from '#protocol/ids';
import type { Store } from '../store.ts';
import type { InboxRow, Sent } from '../keys.ts';
import { newId } from '../../testing/new-id.ts';
import { newDevice, somebody, times, type Person } from './people.ts';
import { SLOW_MS } from './seeds.ts';

const PAGE = { limit: 100, bytes: KEYS_PAGE_BYTES };

/** The guarantees about to-device events and the sealed backup. */
export function describeInboxes(store: () => Store): void {
  const at = (person: Person) => ({ userId: person.id, deviceId: person.device });
  const send = (from: Person, to: readonly Person[], body: string, txn: string = newId()): Promise<Sent> =>
    store().sendToDevice({
      from: at(from),
      txn,
      type: 'm.room.encrypted',
      events: to.map(person => ({ ...at(person), content: JSON.stringify({ body }) })),
      at: 5_000,
    });
  const bodyOf = ({ content }: InboxRow) => (JSON.parse(content) as { body: string }).body;
  const inbox = async (person: Person, after = 0) => (await store().inboxRows(at(person), after, PAGE)).rows;

  describe('inboxes', () => {
    it('S75, KY7c: rows come in order with their sender, behind what was confirmed', async () => {
      const [ada, bob] = await Promise.all([somebody(store()), somebody(store())]);
      for (const body of ['one', 'two', 'three']) await send(ada, [bob], body);
      const rows = await inbox(bob);
      expect(rows.map(row => [row.number, bodyOf(row)])).toEqual([
        [1, 'one'],
        [2, 'two'],
        [3, 'three'],
      ]);
      expect(rows[0]).toEqual(jasmine.objectContaining({ sender: keyUserOf(ada.id), type: 'm.room.encrypted' }));
      await store().confirmInbox(at(bob), 2);
      expect((await inbox(bob)).map(bodyOf)).toEqual(['three']);
      await store().confirmInbox(at(bob), 1_000_000);
      expect(await inbox(bob)).toEqual([]);
      expect((await store().keyState(at(bob))).inbox).toBe(3);
      expect((await send(ada, [bob], 'four')).given.map(({ number }) => number)).toEqual([4]);
      await store().sweepKeys(1e15);
      expect((await send(ada, [bob], 'five')).given.map(({ number }) => number)).toEqual([5]);
    });

    it('S75: a page ends by rows and by bytes, and has one at least', async () => {
      const [ada, bob] = await Promise.all([somebody(store()), somebody(store())]);
      for (const body of ['a', 'b', 'c']) await send(ada, [bob], body.repeat(1_000));
      const page = async (limit: number, bytes: number) =>
        (await store().inboxRows(at(bob), 0, { limit, bytes })).rows.map(row => bodyOf(row)[0]);
      expect([await page(2, 1e6), await page(9, 2_500), await page(9, 1)]).toEqual([['a', 'b'], ['a', 'b'], ['a']]);
    });

    it(
      'S75, KY7c: twenty send while one reads and confirms, and none is missed or met twice',
      async () => {
        const bob = await somebody(store());
        const senders = await Promise.all(times(20, () => somebody(store())));
        let isSending = true;
        const sending = Promise.all(
          senders.map(async sender => {
            for (let i = 0; i < 10; i++) await send(sender, [bob], `${sender.id} ${i}`);
          }),
        ).finally(() => (isSending = false));
        const met: InboxRow[] = [];
        const read = async () => {
          const { rows } = await store().inboxRows(at(bob), met.at(-1)?.number ?? 0, { limit: 7, bytes: 1e6 });
          met.push(...rows);
          const last = rows.at(-1);
          if (last) await store().confirmInbox(at(bob), last.number);
          return rows.length;
        };
        while (isSending) {
          await read();
          await new Promise(resolve => setImmediate(resolve));
        }
        await sending;
        while ((await read()) > 0);
        expect(met.length).toBe(200);
        expect(new Set(met.map(bodyOf)).size).toBe(200);
        for (const { id } of senders)
          expect(met.map(bodyOf).filter(body => body.startsWith(id))).toEqual(times(10, i => `${id} ${i}`));
      },
      SLOW_MS,
    );

    it('S76, KY7b: a request is done once, however often and at the same time it is repeated, read or not', async () => {
      const [ada, bob, cem] = await Promise.all(times(3, () => somebody(store())));
      await Promise.all(times(5, () => send(ada!, [bob!, cem!], 'once', 'txn')));
      expect((await inbox(bob!)).map(bodyOf)).toEqual(['once']);
      await store().confirmInbox(at(bob!), 1);
      await send(ada!, [bob!, cem!], 'once', 'txn');
      expect([await inbox(bob!), (await inbox(cem!)).map(bodyOf)]).toEqual([[], ['once']]);
      await send(cem!, [bob!], "another device's", 'txn');
      expect((await inbox(bob!)).map(bodyOf)).toEqual(["another device's"]);
    });

    it('S76, KY8b: devices that are gone get nothing, and the sender is not told', async () => {
      const [ada, bob, cem] = await Promise.all(times(3, () => somebody(store())));
      await store().removeDevice(bob!.id, bob!.device);
      const foreign = { ...cem!, id: ada!.id };
      const { given, full } = await send(ada!, [bob!, foreign, cem!], 'to who is there');
      expect(given.map(({ deviceId }) => deviceId)).toEqual([cem!.device]);
      expect(full).toEqual([]);
    });

    it(
      'S77, KY9a: a full inbox refuses the sender who has filled it, keeps what it has, and takes the same request when there is room',
      async () => {
        const [ada, bob, cem] = await Promise.all(times(3, () => somebody(store())));
        const size = Math.floor((4 * 1024 * 1024) / 100);
        // Whichever of a person's devices sends, it is one share.
        const phone = newDevice(ada!.id);
        await store().signInDevice(phone);
        const from = (i: number) => ({ ...ada!, device: i % 2 === 0 ? ada!.device : phone.id });
        for (let i = 0; i < 99; i++) await send(from(i), [bob!], 'x'.repeat(size));
        const { given, full } = await send(ada!, [bob!, cem!], 'y'.repeat(size), 'last');
        expect([given.map(one => one.deviceId), full]).toEqual([[cem!.device], [at(bob!)]]);
        expect((await send(cem!, [bob!], 'of another')).full).toEqual([]);
        expect((await store().keyState(at(bob!))).inbox).toBe(100);
        await store().confirmInbox(at(bob!), 50);
        expect((await send(ada!, [bob!, cem!], 'y'.repeat(size), 'last')).full).toEqual([]);
        expect((await inbox(cem!)).length).toBe(1);
        expect((await store().keyState(at(bob!))).inbox).toBe(101);
      },
      SLOW_MS,
    );

    it('S70: an inbox goes with its device', async () => {
      const [ada, bob] = await Promise.all([somebody(store()), somebody(store())]);
      await send(ada, [bob], 'unread');
      await store().removeDevice(bob.id, bob.device);
      expect(await inbox(bob)).toEqual([]);
    });
  });

  describe('sealed backups', () => {
    const record = (sealed: string) => ({
      conversationId: newId<ConversationId>(),
      session: 'session',
      index: 0,
      sealed,
    });
    const batch = (number: number, sealed = 'x') => ({ number, manifest: { number }, records: [record(sealed)] });
    const version = (): string => newId();
    const add = async (person: Person) => {
      const made = { version: version(), about: { algorithm: 'a' } };
      expect(await store().addBackup(person.id, made, 5_000)).toBe('added');
      return made.version;
    };

    it('S79, KY12b: of ten batches at the same time one gets the next number, and the same again is no news', async () => {
      const ada = await somebody(store());
      const id = await add(ada);
      const batches = times(10, () => batch(1));
      const outcomes = await Promise.all(batches.map(one => store().addBatch(ada.id, id, one)));
      expect(outcomes.filter(outcome => outcome === 'added').length).toBe(1);
      const kept = batches[outcomes.indexOf('added')]!;
      expect(await store().batchesOf(ada.id, id, 99, PAGE)).toEqual([kept]);
      expect(await store().addBatch(ada.id, id, kept)).toBe('added');
      expect(await store().addBatch(ada.id, id, batch(3))).toBe('stale');
      expect(await store().addBatch(ada.id, id, batch(2))).toBe('added');
    });

    it('S79: batches come the newest first, by pages, with what they come to', async () => {
      const ada = await somebody(store());
      const id = await add(ada);
      for (const number of [1, 2, 3]) await store().addBatch(ada.id, id, batch(number));
      const numbers = async (before: number, limit: number, bytes = 1e6) => {
        const page = await store().batchesOf(ada.id, id, before, { limit, bytes });
        return page === 'not-found' ? page : page.map(({ number }) => number);
      };
      expect([await numbers(99, 2), await numbers(2, 9), await numbers(99, 9, 1)]).toEqual([[3, 2], [1], [3]]);
      expect(await store().backupsOf(ada.id)).toEqual([
        jasmine.objectContaining({ version: id, createdAt: 5_000, number: 3, manifest: { number: 3 }, records: 3 }),
      ]);
    });

    it("S79: a version is its person's own, and goes with its batches", async () => {
      const [ada, eve] = await Promise.all([somebody(store()), somebody(store())]);
      const id = await add(ada);
      await store().addBatch(ada.id, id, batch(1));
      expect(await store().addBatch(eve.id, id, batch(2))).toBe('not-found');
      expect(await store().batchesOf(eve.id, id, 99, PAGE)).toBe('not-found');
      await store().removeBackup(eve.id, id);
      expect((await store().backupsOf(ada.id)).length).toBe(1);
      await store().removeBackup(ada.id, id);
      expect(await store().batchesOf(ada.id, id, 99, PAGE)).toBe('not-found');
      expect(await store().addBackup(ada.id, { version: id, about: {} }, 6_000)).toBe('added');
      expect(await store().batchesOf(ada.id, id, 99, PAGE)).toEqual([]);
    });

    it('S79, KY12a: there are so many versions and no more, and the same one again is no news', async () => {
      const ada = await somebody(store());
      const about = { algorithm: 'a' };
      const ids = [];
      for (let i = 0; i < BACKUP_VERSIONS; i++) ids.push(await add(ada));
      expect(await store().addBackup(ada.id, { version: version(), about }, 5_000)).toBe('no-room');
      expect(await store().addBackup(ada.id, { version: ids[0]!, about }, 5_000)).toBe('added');
      expect(await store().addBackup(ada.id, { version: ids[0]!, about: {} }, 5_000)).toBe('stale');
    });

    it(
      'S79, KY12c: a person keeps so many bytes and no more',
      async () => {
        const ada = await somebody(store());
        const id = await add(ada);
        const large = 'x'.repeat(BACKUP_BATCH_BYTES);
        let number = 0;
        let outcome = 'added';
        while (outcome === 'added') outcome = await store().addBatch(ada.id, id, batch(++number, large));
        expect([outcome, number]).toEqual(['no-room', 342]);
      },
      SLOW_MS,
    );
  });
}
