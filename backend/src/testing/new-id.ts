import { randomUUID } from 'node:crypto';
import type { AnyId } from '#protocol/ids';
import { anId } from '#protocol/testing/ids';

/** A fresh id of the kind its place asks for, or of the one that is named: `newId<CallId>()`. */
export const newId = <Id extends AnyId>(): Id => anId(randomUUID());
