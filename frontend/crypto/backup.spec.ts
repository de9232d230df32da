import { type Message } from '#protocol/chat-frames';
import { megolmPlaceOf } from '#protocol/crypto/sealed-data';
import { type ConversationId, type UserId } from '#protocol/ids';
import { openRecord, sealRecord } from './backup-record.ts';
import { importSessions, sealSessions } from './backup.ts';
import { random } from './bytes.ts';
import { boxKey } from './sealed-box.ts';
import { anotherDevice, newId, person, type TestDevice } from './testing/people.ts';
import { ServerDouble } from './testing/server-double.ts';

const sessionsOf = (messages: readonly Message[]): ReadonlySet<string> =>
  new Set(messages.map(({ data }) => megolmPlaceOf(data)!.sessionId));

/** Jonas has written to Mira, one message by each of his devices; Mira's device has backed its sessions up. */
async function backedUp() {
  const server = new ServerDouble();
  const [mira] = (await person(server, 1)) as [TestDevice];
  const jonas = await person(server, 2);
  const members: UserId[] = [mira.address.userId, jonas[0]!.address.userId];
  const conversation = newId<ConversationId>();
  const messages: Message[] = [];
  for (const device of jonas) {
    await device.catchUp();
    const written = await device.write(conversation, members, 'from before');
    if (written.ok) messages.push(written.value);
  }
  await mira.catchUp();
  const backup = { key: await boxKey(random(32)), version: newId() };
  const records = await sealSessions(mira.olm, backup, sessionsOf(messages));
  const laptop = await anotherDevice(server, mira.address.userId, mira);
  await laptop.olm.follow(members);
  return { mira, jonas, laptop, messages, backup, records };
}

describe('the backup of sessions', () => {
  it('EE7a lets a new device read what came before it, and says that it knows the author by the record', async () => {
    const { laptop, messages, backup, records } = await backedUp();
    expect(messages.length).toBe(2);
    for (const message of messages) expect(await laptop.read(message)).toBe('no-key');
    expect(await importSessions(laptop.olm, backup, records)).toEqual({ imported: 2, refused: new Map() });
    for (const message of messages) {
      const opened = await laptop.entries.open(message);
      expect(opened.ok && opened.value.known.how).toBe('backup');
      expect(opened.ok && opened.value.known.identity).toMatch(/^[A-Za-z0-9+/]{43}$/);
      expect(opened.ok && opened.value.proof).toEqual(
        jasmine.objectContaining({ how: 'imported', from: jasmine.objectContaining(message.author) }),
      );
    }
    expect(await importSessions(laptop.olm, backup, records.toReversed())).toEqual({
      imported: 0,
      refused: new Map(),
    });
  });

  it('asks the library once for each further entry of a session, and proves its author each time', async () => {
    const { mira, laptop, messages, backup, records } = await backedUp();
    await importSessions(laptop.olm, backup, records);
    const [first, other] = messages;
    expect(await laptop.read(first!)).toBe('“from before”');
    const asked = spyOn(laptop.olm.library, 'decryptRoomEvent').and.callThrough();
    expect(await laptop.read(first!)).toBe('“from before”');
    expect(asked).toHaveBeenCalledTimes(1);
    const forger = first!.author.userId === mira.address.userId ? other!.author : mira.address;
    expect(await laptop.read({ ...first!, author: forger })).toBe('not-proved');
  });

  it('EE7a, EE7b proves an author by the record alone: passed off as another person’s, or without a record, nothing is drawn', async () => {
    const { mira, jonas, laptop, messages, backup, records } = await backedUp();
    await importSessions(laptop.olm, backup, records);
    const [message] = messages;
    expect(await laptop.read({ ...message!, author: mira.address })).toBe('not-proved');
    expect(await laptop.read({ ...message!, author: jonas[1]!.address })).toBe('not-proved');
    const bare = [];
    for (const { conversationId, session, index, sealed } of records) {
      const place = {
        userId: mira.address.userId,
        version: backup.version,
        conversationId,
        sessionId: session,
        firstIndex: index,
      };
      const opened = await openRecord(backup.key, place, sealed);
      if (!opened.ok) throw new Error(opened.error);
      const again = await sealRecord(backup.key, place, { ...opened.value, provenance: null });
      bare.push({ conversationId, session, index, sealed: again });
    }
    const tablet = await anotherDevice(laptop.server, mira.address.userId, mira);
    await tablet.olm.follow([jonas[0]!.address.userId]);
    expect((await importSessions(tablet.olm, backup, bare)).imported).toBe(2);
    expect(await tablet.read(message!)).toBe('not-proved');
  });

  it('EE9a takes nothing that the server has changed, exchanged or made itself', async () => {
    const { mira, laptop, messages, backup, records } = await backedUp();
    const [one, other] = records;
    const own = { key: await boxKey(random(32)), version: backup.version };
    const changed = [
      { ...one!, sealed: other!.sealed },
      { ...one!, index: one!.index + 1 },
      { ...one!, conversationId: newId<ConversationId>() },
      { ...one!, sealed: `${one!.sealed.slice(0, -4)}AAAA` },
      ...(await sealSessions(mira.olm, own, sessionsOf(messages))),
      ...(await sealSessions(mira.olm, { ...backup, version: newId() }, sessionsOf(messages))),
    ];
    expect(await importSessions(laptop.olm, backup, changed)).toEqual({
      imported: 0,
      refused: new Map([['tampered', 8]]),
    });
    for (const message of messages) expect(await laptop.read(message)).toBe('no-key');
  });
});
