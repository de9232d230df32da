import { acquainted, Installation } from './installation.ts';
import type { Person } from './person.ts';
import { until } from './until.ts';
import { Wire } from './wire.ts';

const texts = (person: Person): Promise<string[]> => person.page.locator('parley-bubble .words').allInnerTexts();

/** The words of two people's messages, as each sees them once nothing waits any more. */
async function agreed(mira: Person, jonas: Person, count: number): Promise<string[]> {
  for (const person of [mira, jonas]) {
    await until(
      `${person.name} has ${count} messages and none that waits`,
      async () => ({
        shown: await person.page.locator('parley-bubble').count(),
        waiting: await person.page.locator('parley-bubble.waiting').count(),
      }),
      ({ shown, waiting }) => shown === count && waiting === 0,
    );
  }
  const seen = await texts(mira);
  expect(await texts(jonas)).toEqual(seen);
  return seen;
}

/** Every rule about what was lost holds with the resume window and without it. */
for (const window of ['60000', '0']) {
  describe(`Sockets are cut while two people write, with a resume window of ${window} ms`, () => {
    let installation: Installation;
    let wires: [Wire, Wire];
    let mira: Person;
    let jonas: Person;
    let total = 0;

    beforeAll(async () => {
      installation = await Installation.open({ RESUME_WINDOW_MS: window });
      const port = installation.server.httpPort;
      wires = [await Wire.to(port), await Wire.to(port)];
      [mira, jonas] = await acquainted(
        await installation.arrival('Mira Sand', {}, wires[0].origin),
        await installation.arrival('Jonas Weber', {}, wires[1].origin),
      );
      await Promise.all([mira.openChat(jonas), jonas.openChat(mira)]);
    });
    afterAll(async () => {
      expect(await installation.close()).toEqual([]);
      await Promise.all(wires.map(wire => wire.close()));
    });

    /** Both write, one line after another; `disturb` happens before every third. */
    async function bothWrite(topic: string, lines: number, disturb: (line: number) => Promise<void>): Promise<void> {
      for (let line = 0; line < lines; line++) {
        const trouble = line % 3 === 1 ? disturb(line) : undefined;
        await Promise.all([mira, jonas].map(person => person.write(`${topic} ${person.username} ${line}`)));
        await trouble;
      }
      total += 2 * lines;
      const seen = (await agreed(mira, jonas, total)).filter(text => text.startsWith(topic));
      for (const { username } of [mira, jonas]) {
        const own = seen.filter(text => text.includes(username));
        expect(own).toEqual(Array.from({ length: lines }, (_, line) => `${topic} ${username} ${line}`));
      }
    }

    it('and each message is there once on both sides, in one order', async () => {
      await bothWrite('Cut', 9, async () => {
        for (const wire of wires) {
          await until(
            'a socket to cut',
            async () => wire.webSockets,
            sockets => sockets > 0,
          );
          wire.cut();
        }
      });
    });

    it('and a message whose answer was lost is not there twice', async () => {
      wires[0].deafen();
      await mira.write('Heard, but not answered');
      await jonas.reads('Heard, but not answered');
      await mira.page.locator('parley-bubble.waiting').waitFor();
      wires[0].cut();
      total += 1;
      const seen = await agreed(mira, jonas, total);
      expect(seen.at(-1)).toBe('Heard, but not answered');
    });

    it('and what is written without a connection shows a clock and goes out once', async () => {
      wires[0].down();
      await mira.page.getByText('The server does not answer').filter({ visible: true }).waitFor();
      await mira.write('Written in the cellar');
      await mira.write('And this one too');
      for (const text of ['Written in the cellar', 'And this one too'])
        await mira.bubble(text).getByText('Waiting to be sent').waitFor({ state: 'attached' });
      wires[0].up();
      total += 2;
      const seen = await agreed(mira, jonas, total);
      expect(seen.slice(-2)).toEqual(['Written in the cellar', 'And this one too']);
    });

    // A server that starts knows no session, however long the window is: once is enough.
    if (window !== '0')
      it('and a server that is killed and started again while they write loses and doubles nothing', async () => {
        await bothWrite('Killed', 5, async line => {
          await installation.server.restart(line === 1 ? 'SIGKILL' : 'SIGTERM');
        });
      });
  });
}
