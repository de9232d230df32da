import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { type Message } from '#protocol/chat-frames';
import { type ConversationId, type DeviceAddress, type MessageId } from '#protocol/ids';
import { befriend, signIn, signUp, type Person } from '../../backend/src/testing/browser.ts';
import { newId } from '../../backend/src/testing/new-id.ts';
import { type Asked, type AskedAnswer, type MachineVerbs } from '../crypto/contract.ts';
import { openBrowser } from './chromium.ts';
import { ParleyServer } from './parley-server.ts';

const top = join(import.meta.dirname, '..');
/** Beside the library's module, which does not export it. */
const wasm = new URL('pkg/matrix_sdk_crypto_wasm_bg.wasm', import.meta.resolve('@matrix-org/matrix-sdk-crypto-wasm'));
const bytes = (byte: number): number[] => Array.from({ length: 32 }, () => byte);

/** A device of a person: its machine runs in a worker of a page of its own profile. */
class Device {
  readonly own: DeviceAddress;
  readonly #page: Page;

  private constructor(own: DeviceAddress, page: Page) {
    this.own = own;
    this.#page = page;
  }

  static async open(browser: Browser, origin: string, person: Person, files: Map<string, Buffer>): Promise<Device> {
    const context = await browser.newContext();
    for (const [path, body] of files) {
      const contentType = { html: 'text/html', js: 'text/javascript', wasm: 'application/wasm' }[path.split('.')[1]!]!;
      await context.route(`${origin}${path}`, route => route.fulfill({ body, contentType }));
    }
    const page = await context.newPage();
    await page.exposeFunction('askServer', async ({ method, path, body }: Asked): Promise<AskedAnswer> => {
      const answer = await person.ask(method, path, body === undefined ? {} : { json: body as object });
      return answer.status >= 400 ? { refused: (answer.body as { type: string }).type } : { value: answer.body };
    });
    await page.goto(`${origin}/machine.html`);
    const own = { userId: person.id, deviceId: person.deviceId };
    const open = { own, storeName: newId(), storeKey: bytes(7), wasm: `${origin}/machine.wasm` };
    await page.evaluate(input => Object.assign(window, { machine: window.startMachine(input) }), open);
    return new Device(own, page);
  }

  call<V extends keyof MachineVerbs>(verb: V, input: unknown): ReturnType<MachineVerbs[V]> {
    return this.#page.evaluate(([name, value]) => window.machine(name, value), [verb, input] as const) as ReturnType<
      MachineVerbs[V]
    >;
  }

  /** Everything that is there for this device was read, and everything it has was backed up. */
  async catchesUp(): Promise<void> {
    await this.call('catchUp', null);
    expect(await this.call('backUp', null)).toEqual(jasmine.objectContaining({ ok: true }));
  }

  async writes(conversationId: ConversationId, members: readonly string[], body: string): Promise<Message> {
    const id = newId<MessageId>();
    const content = { kind: 'text', body } as const;
    const sealed = await this.call('seal', { conversationId, members, id, time: Date.now(), content });
    if (!sealed.ok) throw new Error(sealed.error.why);
    return { conversationId, seq: 1, id, author: this.own, at: 1, counts: true, data: sealed.value };
  }

  async reads(message: Message): Promise<string> {
    await this.catchesUp();
    const read = await this.call('read', message);
    return read.ok ? (read.value.content as { body: string }).body : read.error;
  }
}

declare global {
  interface Window {
    startMachine(open: object): (verb: string, input: unknown) => Promise<unknown>;
    machine(verb: string, input: unknown): Promise<unknown>;
  }
}

/** The page, its script, the worker and the library, by their paths. */
async function filesOf(): Promise<Map<string, Buffer>> {
  const bundled = async (entry: string): Promise<Buffer> => {
    const options = { bundle: true, format: 'esm', target: 'es2022', write: false } as const;
    const { outputFiles } = await build({ entryPoints: [join(top, entry)], ...options });
    return Buffer.from(outputFiles[0]!.contents);
  };
  return new Map([
    ['/machine.html', Buffer.from('<!doctype html><script type="module" src="/machine-page.js"></script>')],
    ['/machine-page.js', await bundled('e2e/machine-page.ts')],
    ['/machine-worker.js', await bundled('crypto/worker.ts')],
    ['/machine.wasm', await readFile(wasm)],
  ]);
}

describe('machines in workers, over the real verbs', () => {
  let server: ParleyServer;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([ParleyServer.start(), openBrowser()]);
  });
  afterAll(async () => {
    await browser.close();
    await server.dispose();
  });

  it('let two people read each other, give a new device the history, and keep a removed one out', async () => {
    const { origin } = server;
    const files = await filesOf();
    const [ada, bob] = [await signUp(origin, 'ada'), await signUp(origin, 'bob')];
    const conversationId = await befriend(ada, bob);
    const members = [ada.id, bob.id];
    const adas = await Device.open(browser, origin, ada, files);
    const bobs = await Device.open(browser, origin, bob, files);
    expect(await adas.call('standing', null)).toBe('none');
    const code = await adas.call('makeIdentity', { wrappingKey: bytes(1) });
    expect(await bobs.call('makeIdentity', { wrappingKey: bytes(2) })).not.toBeNull();
    for (const device of [adas, bobs]) await device.catchesUp();
    const early = await adas.writes(conversationId, members, 'before the laptop');
    expect(await bobs.reads(early)).toBe('before the laptop');
    const reply = await bobs.writes(conversationId, members, 'and its answer');
    expect(await adas.reads(reply)).toBe('and its answer');

    const laptop = await Device.open(browser, origin, await signIn(origin, 'ada'), files);
    expect(await laptop.call('standing', null)).toBe('locked');
    expect(await laptop.call('openSecrets', { by: 'password', wrappingKey: bytes(2) })).toEqual({
      ok: false,
      error: 'not-opened',
    });
    expect((await laptop.call('openSecrets', { by: 'password', wrappingKey: bytes(1) })).ok).toBeTrue();
    await laptop.call('follow', members);
    expect(await laptop.reads(early)).toBe('no-key');
    expect(await laptop.call('restore', null)).toEqual({ ok: true, value: { imported: 2, refused: 0, left: 0 } });
    expect(await laptop.reads(early)).toBe('before the laptop');
    expect(await laptop.reads(reply)).toBe('and its answer');
    const tablet = await Device.open(browser, origin, await signIn(origin, 'ada'), files);
    expect((await tablet.call('openSecrets', { by: 'recovery', code })).ok).toBeTrue();
    await bobs.catchesUp();
    const late = await bobs.writes(conversationId, members, 'to all of them');
    for (const device of [adas, laptop, tablet]) expect(await device.reads(late)).toBe('to all of them');

    // The server goes on carrying what is for the device: it is the list that keeps it out.
    await adas.call('removeDevices', [laptop.own.deviceId]);
    await bobs.catchesUp();
    const last = await bobs.writes(conversationId, members, 'without the laptop');
    expect(await adas.reads(last)).toBe('without the laptop');
    expect(await tablet.reads(last)).toBe('without the laptop');
    expect(await laptop.reads(last)).toBe('no-key');
    expect(await laptop.call('standing', null)).toBe('removed');
    for (const device of [adas, bobs, laptop, tablet]) await device.call('close', null);
  });
});
