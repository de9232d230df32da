import { boxKey } from '../crypto/sealed-box.ts';
import { WatchedWorker } from '../crypto/watched-worker.ts';

/*
 * A page with the machine's worker and nothing else, for bench-keys.ts, which bundles it. Its network is a function of the benchmark.
 */

declare const askServer: (request: unknown) => Promise<unknown>;

/** How the benchmark says a CryptoKey: its 32 bytes. */
interface Said {
  readonly wrappingKey?: readonly number[];
}

/**
 * @param open the input of the machine's verb `open`; `storeKey` as numbers
 * @returns calls a verb of the machine
 */
function startMachine(open: Record<string, unknown> & { storeKey: readonly number[] }) {
  const worker = new WatchedWorker(
    () => new Worker('/machine-worker.js', { type: 'module' }),
    async (verb, input) => (verb === 'ask' ? askServer(input) : null),
    async call => void (await call('open', { ...open, storeKey: new Uint8Array(open.storeKey) })),
  );
  return async (verb: string, input: Said | null) => {
    const raw = typeof input === 'object' ? input?.wrappingKey : undefined;
    return worker.call(verb, raw ? { ...input, wrappingKey: await boxKey(new Uint8Array(raw)) } : input);
  };
}

Object.assign(globalThis, { startMachine });
