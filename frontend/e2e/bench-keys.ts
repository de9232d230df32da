/**
 * What encryption costs on a device, in the real worker in a real browser over the real verbs: a message, the first one to a person
 * with several devices, what a call seals, and the way back of a history on a new device. The bare reference of the same run is a
 * round trip to a worker that encrypts as many bytes with AES-GCM. Prints; keeps nothing.
 *   node frontend/e2e/bench-keys.ts [entries]
 */
import type { Message } from '#protocol/chat-frames';
import type { ConversationId } from '#protocol/ids';
import { befriend, signIn, signUp } from '../../backend/src/testing/browser.ts';
import { newId } from '../../backend/src/testing/new-id.ts';
import { quantile, spread } from '../../scripts/bench-spread.ts';
import { openBrowser } from './chromium.ts';
import { bytes, MachineDevice, machineFiles } from './machine-device.ts';
import { ParleyServer } from './parley-server.ts';

const ENTRIES = Number(process.argv[2] ?? 5_000);
const MESSAGES = 200;
const CALLS = 50;
/** As long as an offer of a video call. */
const OFFER_BYTES = 6_000;
/** ms */
const GOALS = { message: 15, firstOfThree: 150, call: 40, newest: 3_000, history: 60_000 };

/** Seals `count` texts, one after the other. @returns ms for each, and the entries */
async function writes(
  device: MachineDevice,
  conversationId: ConversationId,
  members: readonly string[],
  count: number,
) {
  const ids = Array.from({ length: count }, () => newId());
  const { took, sealed } = await device.page.evaluate(
    async input => {
      const took: number[] = [];
      const sealed: string[] = [];
      for (const [i, id] of input.ids.entries()) {
        const content = { kind: 'text', body: `${i}: as long as most messages are, which is one line of a phone.` };
        const from = performance.now();
        const answer = (await window.machine('seal', { ...input, ids: undefined, id, time: Date.now(), content })) as {
          value: string;
        };
        took.push(performance.now() - from);
        sealed.push(answer.value);
      }
      return { took, sealed };
    },
    { conversationId, members, ids },
  );
  const entries = sealed.map(
    (data, i) =>
      ({ conversationId, seq: i + 1, id: ids[i], author: device.own, at: i + 1, counts: true, data }) as Message,
  );
  return { took, entries };
}

/** Reads entries, the last one first. @returns ms until the first of them and until all could be read, and how many could not */
const reads = (device: MachineDevice, entries: readonly Message[]) =>
  device.page.evaluate(async list => {
    const from = performance.now();
    let first = NaN;
    let unread = 0;
    for (const entry of list) {
      const answer = (await window.machine('read', entry)) as { ok: boolean };
      if (!answer.ok) unread++;
      if (Number.isNaN(first) && answer.ok) first = performance.now() - from;
    }
    return { first, all: performance.now() - from, unread };
  }, entries.toReversed());

/** A round trip to a worker that encrypts `length` bytes, ms each. */
const bare = (device: MachineDevice, length: number, count: number) =>
  device.page.evaluate(
    async ([size, times]) => {
      const script = `
        const key = crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt']);
        onmessage = async ({ data }) =>
          postMessage(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: new Uint8Array(12) }, await key, data));`;
      const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
      const took: number[] = [];
      for (let i = 0; i < times; i++) {
        const from = performance.now();
        await new Promise(resolve => {
          worker.onmessage = resolve;
          worker.postMessage(new Uint8Array(size));
        });
        took.push(performance.now() - from);
      }
      worker.terminate();
      return took;
    },
    [length, count] as const,
  );

/** What one end of a call waits for before its offer leaves, and the other before it is opened, ms each. */
async function calls(caller: MachineDevice, callee: MachineDevice): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < CALLS; i++) {
    const [sealed, before] = await caller.page.evaluate(
      async ([to, length]) => {
        const from = performance.now();
        await window.machine('readyFor', { userId: to.userId, deviceId: to.deviceId });
        const answer = await window.machine('sealFor', {
          to,
          type: 'call.offer',
          content: { sdp: 'v'.repeat(length) },
        });
        return [(answer as { value: string }).value, performance.now() - from] as const;
      },
      [callee.own, OFFER_BYTES] as const,
    );
    const behind = await callee.page.evaluate(
      async input => {
        const from = performance.now();
        const answer = (await window.machine('openFrom', input)) as { ok: boolean };
        if (!answer.ok) throw new Error('what was sealed for a call does not open');
        return performance.now() - from;
      },
      { sender: caller.own.userId, sealed },
    );
    took.push(before + behind);
  }
  return took;
}

const [server, browser] = await Promise.all([ParleyServer.start(), openBrowser()]);
try {
  const { origin } = server;
  const files = await machineFiles();
  const open = (person: Parameters<typeof MachineDevice.open>[2]) => MachineDevice.open(browser, origin, person, files);
  const [ada, bob] = [await signUp(origin, 'ada'), await signUp(origin, 'bob')];
  const conversationId = await befriend(ada, bob);
  const members = [ada.id, bob.id];
  const [adas, bobs] = [await open(ada), await open(bob)];
  const loaded = performance.now();
  await adas.call('standing', null);
  console.log(`the machine was loaded and had asked after ${Math.round(performance.now() - loaded)} ms`);
  await adas.call('join', { wrappingKey: bytes(1) });
  await bobs.call('join', { wrappingKey: bytes(2) });
  for (const device of [adas, bobs]) await device.catchesUp();

  const reference = await bare(adas, 512, MESSAGES);
  const { took, entries: few } = await writes(adas, conversationId, members, MESSAGES);
  const message = quantile(took, 0.5);
  console.log(`a message: ${spread(took)} (bare worker: ${spread(reference)})`);

  const more = [];
  for (let i = 0; i < 2; i++) {
    const device = await open(await signIn(origin, 'bob'));
    await device.call('join', { wrappingKey: bytes(2) });
    more.push(device);
  }
  await adas.catchesUp();
  const [first = NaN] = (await writes(adas, conversationId, members, 1)).took;
  console.log(`the first message to a person with three devices: ${first.toFixed(1)} ms`);

  await bobs.catchesUp();
  const call = await calls(adas, bobs);
  console.log(`an offer, from its text to its text: ${spread(call)}`);

  const { entries } = await writes(adas, conversationId, members, ENTRIES);
  for (let left = 1; left > 0;) {
    const backedUp = await adas.call('backUp', null);
    if (!backedUp.ok) throw new Error(`the backup is ${backedUp.error}`);
    ({ left } = backedUp.value);
  }
  const tablet = await open(await signIn(origin, 'ada'));
  const began = performance.now();
  await tablet.call('join', { wrappingKey: bytes(1) });
  await tablet.call('follow', members);
  let newest = NaN;
  for (let left = 1; left > 0;) {
    const page = await tablet.call('restore', null);
    if (!page.ok) throw new Error(`the backup is ${page.error}`);
    ({ left } = page.value);
    if (Number.isNaN(newest) && (await reads(tablet, entries.slice(-1))).unread === 0)
      newest = performance.now() - began;
  }
  const { unread } = await reads(tablet, [...few, ...entries]);
  const history = performance.now() - began;
  console.log(
    `${ENTRIES} entries on a new device: the newest readable after ${Math.round(newest)} ms, all read after ${Math.round(history)} ms, ${unread} unread`,
  );

  const figures = {
    message: message - quantile(reference, 0.5),
    firstOfThree: first,
    call: quantile(call, 0.5),
    newest,
    history,
  };
  const missed = Object.entries(GOALS).filter(([what, goal]) => !(figures[what as keyof typeof GOALS] <= goal));
  console.log(
    missed.length === 0 ? 'all goals are met' : `beyond the goal: ${missed.map(([what]) => what).join(', ')}`,
  );
} finally {
  await browser.close();
  await server.dispose();
}
