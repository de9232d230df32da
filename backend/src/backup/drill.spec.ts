import { rm, stat } from 'node:fs/promises';
import { befriend, signUp } from '../testing/browser.ts';
import { Installation } from '../testing/installation.ts';
import { specDatabase, suiteOnMongo } from '../testing/mongo.ts';
import { Phone } from '../testing/phone.ts';
import { endAll } from '../testing/process.ts';

type Where = { store: string; drop: () => Promise<void> };

async function phonesAt(origin: string): Promise<[Phone, Phone]> {
  const [ada, bob] = [await signUp(origin, 'ada'), await signUp(origin, 'bob')];
  const conversation = await befriend(ada, bob);
  return [new Phone(ada, conversation), new Phone(bob, conversation)];
}

function describeDrill(name: string, place: () => Promise<Where>): void {
  describe(name, () => {
    let where: Where;
    let installation: Installation;
    beforeEach(async () => {
      where = await place();
      installation = await Installation.on(where.store);
    });
    afterEach(async () => {
      await endAll();
      await rm(installation.directory, { recursive: true });
      await where.drop();
    });

    it('E1, E2 backup, a hundred messages more, restore: both devices agree again, and nothing is doubled', async () => {
      const origin = await installation.start();
      const phones = await phonesAt(origin);
      const writing = async (count: number) => {
        for (let i = 0; i < count; i++) await phones[i % 2]?.post(`message ${i}`);
      };
      for (const phone of phones) await phone.meet(origin);
      await writing(30);
      const written = await installation.type('backup', installation.file);
      expect(written.text).toContain('2 accounts, 2 devices, 1 pairs of people, 30 messages');
      expect((await stat(installation.file)).mode & 0o777).toBe(0o600);
      await writing(100);
      for (const phone of phones) await phone.page();
      const before = phones[0].ids;
      expect(before.length).toBe(130);

      expect((await installation.type('restore', installation.file, '--replace')).text).toContain('runs on');
      for (const phone of phones) phone.leave();
      await installation.stop();
      expect((await installation.type('restore', installation.file)).text).toContain('Say --replace');
      const restored = await installation.type('restore', installation.file, '--replace');
      expect(restored).toEqual({ code: 0, text: jasmine.stringContaining('30 messages') });

      const again = await installation.start();
      expect(await Promise.all(phones.map(phone => phone.meet(again)))).toEqual([50, 50]);
      for (const phone of phones) await phone.page();
      const [ada, bob] = phones;
      expect([...ada.messages.keys()]).toEqual(Array.from({ length: 130 }, (_, i) => i + 1));
      expect(ada.ids).toEqual(bob.ids);
      expect(ada.ids.toSorted()).toEqual(before.toSorted());
      expect(ada.ids.slice(0, 30)).toEqual(before.slice(0, 30));
      for (const phone of phones) phone.leave();
    }, 120_000);
  });
}

describeDrill('The drill on SQLite', async () => ({ store: 'sqlite', drop: async () => undefined }));

suiteOnMongo('MongoDB', () => {
  describeDrill('the drill', async () => {
    const { url, drop } = await specDatabase();
    return { store: url, drop };
  });
});
