import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { type DeviceAddress } from '#protocol/ids';
import { type Person } from '../../backend/src/testing/browser.ts';
import { newId } from '../../backend/src/testing/new-id.ts';
import { type Asked, type AskedAnswer, type MachineVerbs } from '../crypto/contract.ts';

const TYPES: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', wasm: 'application/wasm' };
const top = join(import.meta.dirname, '..');
/** Beside the library's module, which does not export it. */
const wasm = new URL('pkg/matrix_sdk_crypto_wasm_bg.wasm', import.meta.resolve('@matrix-org/matrix-sdk-crypto-wasm'));
/** Bytes that stand for a key. */
export const bytes = (byte: number): number[] => Array.from({ length: 32 }, () => byte);

/** A device of a person: its machine runs in a worker of a page of its own profile. */
export class MachineDevice {
  readonly own: DeviceAddress;
  readonly #page: Page;

  private constructor(own: DeviceAddress, page: Page) {
    this.own = own;
    this.#page = page;
  }

  static async open(
    browser: Browser,
    origin: string,
    person: Person,
    files: Map<string, Buffer>,
  ): Promise<MachineDevice> {
    const context = await browser.newContext();
    for (const [path, body] of files) {
      const contentType = TYPES[path.split('.')[1] ?? ''] ?? '';
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
    return new MachineDevice(own, page);
  }

  /** The page, for what is measured in it. */
  get page(): Page {
    return this.#page;
  }

  call<V extends keyof MachineVerbs>(verb: V, input: unknown): ReturnType<MachineVerbs[V]> {
    return this.#page.evaluate(([name, value]) => window.machine(name, value), [verb, input] as const) as ReturnType<
      MachineVerbs[V]
    >;
  }

  /** Everything that is there for this device was read, and everything it has was backed up. */
  async catchesUp(): Promise<void> {
    await this.call('catchUp', null);
    const backedUp = await this.call('backUp', null);
    if (!backedUp.ok) throw new Error(`the backup is ${backedUp.error}`);
  }
}

declare global {
  interface Window {
    startMachine(open: object): (verb: string, input: unknown) => Promise<unknown>;
    machine(verb: string, input: unknown): Promise<unknown>;
  }
}

/** The page, its script, the worker and the library, by their paths. */
export async function machineFiles(): Promise<Map<string, Buffer>> {
  const bundled = async (entry: string): Promise<Buffer> => {
    const options = { bundle: true, format: 'esm', target: 'es2022', write: false } as const;
    const { outputFiles } = await build({ entryPoints: [join(top, entry)], ...options });
    return Buffer.concat(outputFiles.map(({ contents }) => contents));
  };
  return new Map([
    ['/machine.html', Buffer.from('<!doctype html><script type="module" src="/machine-page.js"></script>')],
    ['/machine-page.js', await bundled('e2e/machine-page.ts')],
    ['/machine-worker.js', await bundled('crypto/worker.ts')],
    ['/machine.wasm', await readFile(wasm)],
  ]);
}
