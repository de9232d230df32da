/**
 * The `data` of a frame as JSON quotes it (RFC 8259, 7). What a server forwards it has just unquoted, and for a long
 * string quoting again costs more than all the rest of routing: so a frame that was read by hand keeps the text it came
 * as. It does so under a symbol, which no JSON can bring, and which nothing that writes JSON takes along.
 */
const QUOTED = Symbol('data as it was quoted');

type WithData = { readonly data: string; [QUOTED]?: string };

/** Has `frame` remember that its `data` came as `quoted`; for the one who makes the frame. */
export function rememberQuoted<F extends WithData>(frame: F, quoted: string | undefined): F {
  if (quoted !== undefined) frame[QUOTED] = quoted;
  return frame;
}

/** The text that `data` came as, where the frame remembers one. */
export const quotedOf = (frame: WithData): string | undefined => frame[QUOTED];

/** The frame's `data` in quotes, written as it came where that is known. */
export const quotedData = (frame: WithData): string => frame[QUOTED] ?? JSON.stringify(frame.data);
