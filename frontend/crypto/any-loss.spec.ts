import fc from 'fast-check';
import { type Message } from '#protocol/chat-frames';
import { type Content } from '#protocol/content/kinds';
import { type EnvelopeFields } from '#protocol/crypto/envelope';
import { type ConversationId } from '#protocol/ids';
import { LossyServer, type Loss } from './testing/lossy-server.ts';
import { clock, fieldsOf, newId, person, TestDevice } from './testing/people.ts';
import { ServerDouble } from './testing/server-double.ts';

const SEED = { seed: 20261130, numRuns: 8 };
const DEVICES = 4;

/** A device on a network that loses requests, and what it has written and could not seal yet. */
interface Seat {
  device: TestDevice;
  readonly network: LossyServer;
  readonly unsealed: { fields: EnvelopeFields; content: Content }[];
  counter: number;
}

type Step = readonly [
  who: number,
  what: 'write' | 'catch up' | 'read' | 'end the page',
  loss: Loss | null,
  nth: number,
];

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.nat(DEVICES - 1),
  fc.constantFrom<Step[1][]>('write', 'write', 'catch up', 'read', 'end the page'),
  fc.constantFrom<(Loss | null)[]>(null, 'request', 'answer'),
  fc.integer({ min: 1, max: 4 }),
);

describe('any loss of requests and answers, and any end of a page', () => {
  it('leaves every entry read by everybody, once the network is back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 25 }), async steps => {
        const server = new ServerDouble();
        const people = [await person(server, 2), await person(server, 2)];
        const members = people.map(([first]) => first!.address.userId);
        const conversationId = newId<ConversationId>();
        const posted: Message[] = [];
        const seats: Seat[] = [];
        for (const { address, storeName, olm, ...first } of people.flat()) {
          await first.events.catchUp();
          await olm.follow(members);
          await olm.close();
          const network = new LossyServer(server);
          const device = await TestDevice.open(network, address, storeName);
          seats.push({ device, network, unsealed: [], counter: 0 });
        }

        /** As the queue of an app does: the oldest first, under the same id at each attempt. */
        const flush = async (seat: Seat): Promise<void> => {
          for (let next = seat.unsealed[0]; next; next = seat.unsealed[0]) {
            const { fields, content } = next;
            const sealed = await seat.device.entries.seal(conversationId, members, fields, content);
            if (!sealed.ok) throw new Error(sealed.error.why);
            seat.unsealed.shift();
            const { id, author } = fields;
            const at = clock.now;
            posted.push({ conversationId, seq: posted.length + 1, id, author, at, counts: true, data: sealed.value });
          }
        };
        const take = async (seat: Seat, what: Step[1]): Promise<void> => {
          switch (what) {
            case 'write': {
              const fields = fieldsOf(conversationId, seat.device.address, ++seat.counter);
              seat.unsealed.push({ fields, content: { kind: 'text', body: fields.id } });
              return flush(seat);
            }
            case 'catch up':
              return void (await seat.device.catchUp());
            case 'read':
              for (const message of posted.toReversed()) await seat.device.read(message);
              return;
            case 'end the page':
              seat.device = await TestDevice.open(seat.network, seat.device.address, seat.device.storeName);
          }
        };
        for (const [who, what, loss, nth] of steps) {
          const seat = seats[who]!;
          if (loss) seat.network.lose(loss, nth);
          await take(seat, what).catch(() => undefined);
        }

        for (const seat of seats) {
          seat.network.mend();
          await seat.device.catchUp();
          await flush(seat);
        }
        for (const { device } of seats) {
          await device.catchUp();
          for (const message of posted) {
            const read = await device.read(message);
            // Thrown, so that fast-check looks for the shortest way to it.
            if (read !== `“${message.id}”`) throw new Error(`entry ${message.seq} is ${read}`);
          }
        }
      }),
      SEED,
    );
  }, 120_000);
});
