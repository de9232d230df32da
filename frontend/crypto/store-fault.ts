/**
 * What keeps a device from its keys:
 * - `lost`: the keys cannot be read any more, because the store is gone, or the key under which it was encrypted;
 * - `refused`: the browser does not give the store now. It may give it later, so nothing of it is given up.
 */
export type StoreFault = 'lost' | 'refused';

/** There is no machine on this store. */
export class StoreClosed extends Error {
  readonly fault: StoreFault;

  constructor(fault: StoreFault, cause?: unknown) {
    super(`the store of the machine is ${fault}`, { cause });
    this.fault = fault;
  }
}
