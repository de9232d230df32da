import { InjectionToken } from '@angular/core';
import wasm from '#crypto.wasm';
import type { WorkerPort } from '../../../crypto/watched-worker.ts';

/** Starts a worker of the machine, which loads the library from `wasm`; a spec puts its own in its place. */
export interface MachineStart {
  readonly start: () => WorkerPort;
  /** The address of the library: it is named after its content. */
  readonly wasm: string;
}

export const MACHINE_START = new InjectionToken<MachineStart>('starts the machine', {
  factory: () => ({
    start: () => new Worker(new URL('./crypto.worker', import.meta.url), { type: 'module', name: 'crypto' }),
    wasm: new URL(wasm, document.baseURI).href,
  }),
});
