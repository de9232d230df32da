import * as z from 'zod/mini';
import { PAGE_ROWS } from '#protocol/limits';

/** One page of a list; `next` is the opaque cursor of the page behind it. */
export const page = <T extends z.ZodMiniType>(item: T) =>
  z.object({ items: z.array(item), next: z.optional(z.string()) });
export type Page<T> = { items: T[]; next?: string | undefined };

const queryUpTo = (most: number) =>
  z.object({
    cursor: z.optional(z.string().check(z.maxLength(200))),
    limit: z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(most))),
  });

/** `?cursor=…&limit=…` of a list. */
export const pageQuery = queryUpTo(100);
/** The same of a list that a device keeps whole. */
export const longPageQuery = queryUpTo(PAGE_ROWS);
export type PageQuery = z.infer<typeof pageQuery>;
