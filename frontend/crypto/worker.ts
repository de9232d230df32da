import { initAsync } from '@matrix-org/matrix-sdk-crypto-wasm';
import { Machine } from './machine.ts';

/** The dedicated worker of the machine: no other thread of this profile opens its store. */
new Machine(self, initAsync);
