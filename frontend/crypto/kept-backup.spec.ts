import { type Message } from '#protocol/chat-frames';
import { type ConversationId, type UserId } from '#protocol/ids';
import { random } from './bytes.ts';
import { boxKey } from './sealed-box.ts';
import { newId, person, TestDevice } from './testing/people.ts';
import { ServerDouble } from './testing/server-double.ts';

/** Mira's device, with secrets; Jonas has written to her in several conversations, each in a session of its own. */
async function withHistory(conversations = 3) {
  const server = new ServerDouble();
  const mira = await TestDevice.open(server, { userId: newId<UserId>(), deviceId: newId() });
  const wrappingKey = await boxKey(random(32));
  await mira.secrets.make({ wrappingKey });
  const [jonas] = (await person(server, 1)) as [TestDevice];
  const members = [mira.address.userId, jonas.address.userId];
  const write = async (): Promise<Message> => {
    await jonas.catchUp();
    const written = await jonas.write(newId<ConversationId>(), members, 'from before');
    if (!written.ok) throw new Error(written.error.why);
    return written.value;
  };
  const messages: Message[] = [];
  const receive = async () => {
    messages.push(await write());
    await mira.catchUp();
    return mira.backup.backUp();
  };
  for (let i = 0; i < conversations; i++) await receive();
  const another = async () => {
    const device = await TestDevice.open(server, { userId: mira.address.userId, deviceId: newId() });
    await device.secrets.open({ by: 'password', wrappingKey });
    await device.olm.follow(members);
    return device;
  };
  const batches = () => [...server.backups.values()][0]!;
  return { server, mira, messages, receive, another, batches };
}

/** Everything that a restore reads, or what was refused. */
async function restored({ backup }: TestDevice): Promise<number | string> {
  let imported = 0;
  for (;;) {
    const page = await backup.restore();
    if (!page.ok) return page.error;
    imported += page.value.imported;
    if (page.value.left === 0) return imported;
  }
}

describe('the backup on the server', () => {
  it('has the proof of each session, also of one that is received while it is written', async () => {
    const { mira, messages, receive, another } = await withHistory(0);
    const { rows } = mira.olm;
    // A backup is made as soon as a session is to be in it, as for another conversation.
    const [put, prove] = [rows.put.bind(rows), rows.prove.bind(rows)];
    rows.put = async (table, ...row) => {
      await put(table, ...row);
      if (table === 'unkept') await mira.backup.backUp();
    };
    rows.prove = async (...row) => {
      await prove(...row);
      await mira.backup.backUp();
    };
    await receive();
    const laptop = await another();
    await restored(laptop);
    expect(await laptop.read(messages[0]!)).toBe('“from before”');
  });

  it('gives a new device what came before it, page by page, and what came since then by a later reading', async () => {
    const { server, messages, receive, another, batches } = await withHistory(5);
    expect(batches().map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(JSON.stringify(batches())).not.toContain('session_key');
    const laptop = await another();
    for (const message of messages) expect(await laptop.read(message)).toBe('no-key');
    const first = await laptop.backup.restore();
    expect(first.ok && first.value).toEqual({ imported: 2, refused: 0, left: 3 });
    const next = await TestDevice.open(server, laptop.address, laptop.storeName);
    expect(await restored(next)).toBe(3);
    for (const message of messages) expect(await next.read(message)).toBe('“from before”');
    await receive();
    expect(await restored(next)).toBe(1);
    expect(await restored(next)).toBe(0);
  });

  it('is written by several devices, each behind the last batch of the other', async () => {
    const { receive, another, batches } = await withHistory(2);
    const laptop = await another();
    // Mira's phone is faster with this session: the laptop finds it there.
    await receive();
    await laptop.catchUp();
    expect(await laptop.backup.backUp()).toEqual({ ok: true, value: { done: 0, left: 0 } });
    const sent = await laptop.write(newId<ConversationId>(), [laptop.address.userId], 'a note');
    expect(sent.ok).toBeTrue();
    expect(await laptop.backup.backUp()).toEqual({ ok: true, value: { done: 1, left: 0 } });
    expect(await receive()).toEqual({ ok: true, value: { done: 1, left: 0 } });
    expect(batches().map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(await restored(await another())).toBe(5);
  });

  it('EE9b, EE9c is refused where batches are left out, exchanged, or older than is known', async () => {
    const { mira, receive, another, batches } = await withHistory(4);
    const all = [...batches()];
    const handOut = (items: typeof all) => batches().splice(0, Infinity, ...items);
    const tried = async (items: typeof all) => {
      handOut(items);
      return restored(await another());
    };
    expect(await tried(all.filter(({ number }) => number !== 3))).toBe('other-records');
    expect(await tried(all.slice(1))).toBe('other-records');
    expect(await tried(all.map(batch => ({ ...batch, records: all[0]!.records })))).toBe('other-records');
    expect(await tried(all.map(batch => ({ ...batch, manifest: { sealed: 'AAAA' } })))).toBe('tampered');
    const late = await another();
    await late.write(newId<ConversationId>(), [late.address.userId], 'a note');
    expect(await late.backup.backUp()).toEqual({ ok: false, error: 'tampered' });
    const reader = await another();
    handOut(all);
    expect(await restored(reader)).toBe(4);
    handOut(all.slice(0, 3));
    expect(await restored(reader)).toBe('lower-number');
    handOut([]);
    expect(await restored(reader)).toBe('other-records');
    // Nor is anything written behind a backup that went back.
    handOut(all.slice(0, 2));
    expect(await receive()).not.toEqual(jasmine.objectContaining({ ok: true }));
    expect(mira.noticed).toEqual([]);
  });

  it('is locked before the secrets were opened', async () => {
    const { server, mira } = await withHistory(0);
    const laptop = await TestDevice.open(server, { userId: mira.address.userId, deviceId: newId() });
    expect(await restored(laptop)).toBe('locked');
    expect(await laptop.backup.backUp()).toEqual({ ok: false, error: 'locked' });
  });
});
