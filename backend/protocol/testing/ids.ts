import { type AnyId } from '#protocol/ids';

/** An id that is read at a glance, of the kind its place asks for: `anId('a1')`. It need not be a UUID. */
export const anId = <Id extends AnyId>(text: string): Id => text as Id;
