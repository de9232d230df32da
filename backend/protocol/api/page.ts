import * as z from 'zod/mini';

/** One page of a list; `next` is the opaque cursor of the page behind it. */
export const page = <T extends z.ZodMiniType>(item: T) =>
  z.object({ items: z.array(item), next: z.optional(z.string()) });
export type Page<T> = { items: T[]; next?: string | undefined };

/** `?cursor=…&limit=…` of every list. */
export const pageQuery = z.object({
  cursor: z.optional(z.string().check(z.maxLength(200))),
  limit: z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(100))),
});
export type PageQuery = z.infer<typeof pageQuery>;
