/** A page of a list and the cursor of the next one. */
export type StorePage<T> = { items: T[]; next?: string };

/** What a list answers to a cursor that it never gave: garbage, another list's, out of range. */
export type BadCursor = 'bad-cursor';
