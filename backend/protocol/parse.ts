/**
 * Text of a socket → a typed frame or a typed error, total and bounded. A text is read by one parser, and what is
 * forwarded is what was parsed, never the text. So a key that stands twice, which RFC 8259, 4, leaves open, has the same
 * value for everybody, the last one, and is not looked for.
 */
import type * as z from 'zod/mini';
import { isLonger } from '#protocol/bytes';
import { FRAME_BYTES, SERVER_FRAME_BYTES } from '#protocol/limits';
import { clientFrame, isReliable, serverFrame, type ClientFrame, type ServerFrame } from '#protocol/messages';
import { readRouted } from '#protocol/parse-routed';
import { err, ok, type Result } from '#protocol/result';

/** Why a text is no frame; every one of them closes a socket. `unnumbered`: a reliable frame without its `n`. */
export type ParseError = {
  code: 'too-big' | 'not-json' | 'unknown-type' | 'wrong-shape' | 'unnumbered';
  /** For a log: names fields, never their contents. */
  detail: string;
  /** The number of the frame, where it could be read. */
  n?: number;
};

type Shape<F> = z.ZodMiniType<F>;

// A look-up by type instead of the union itself: on the hot path one schema runs, and an unknown type is told apart.
const shapesOf = <F>(options: readonly z.ZodMiniType[]): Map<unknown, Shape<F>> =>
  new Map(
    options.flatMap(option => [...(option._zod.propValues?.['type'] ?? [])].map(type => [type, option as Shape<F>])),
  );
const clientShapes = shapesOf<ClientFrame>(clientFrame.def.options);
const serverShapes = shapesOf<ServerFrame>(serverFrame.def.options);

/** The types of all frames. */
export const CLIENT_TYPES = [...clientShapes.keys()].map(String);
export const SERVER_TYPES = [...serverShapes.keys()].map(String);

/**
 * What a client says.
 * @param limit most bytes of UTF-8: less than FRAME_BYTES for a `hello`
 */
export const parseClientFrame = (text: string, limit = FRAME_BYTES): Result<ClientFrame, ParseError> => {
  const routed = text.length * 3 <= limit ? readRouted(text) : null;
  if (routed !== null) return ok(routed);
  const parsed = parse(text, limit, clientShapes);
  return parsed.ok && isUnnumbered(parsed.value) ? err({ code: 'unnumbered', detail: parsed.value.type }) : parsed;
};

/** What a server says. */
export const parseServerFrame = (text: string): Result<ServerFrame, ParseError> => {
  const parsed = parse(text, SERVER_FRAME_BYTES, serverShapes);
  // Only a welcome may do without: the one that answers a hello stands outside the numbers.
  return parsed.ok && parsed.value.type !== 'welcome' && isUnnumbered(parsed.value)
    ? err({ code: 'unnumbered', detail: parsed.value.type })
    : parsed;
};

function isUnnumbered({ type, n }: { type: (ClientFrame | ServerFrame)['type']; n?: number | undefined }): boolean {
  return isReliable(type) && !n;
}

function parse<F>(text: string, limit: number, shapes: Map<unknown, Shape<F>>): Result<F, ParseError> {
  if (isLonger(text, limit)) return err({ code: 'too-big', detail: `over ${String(limit)} bytes` });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err({ code: 'not-json', detail: 'no JSON text' });
  }
  if (!isRecord(value)) return err({ code: 'wrong-shape', detail: 'no object with a type' });
  const checked = check(value, shapes);
  return checked.ok ? checked : err({ ...checked.error, ...numberOf(value) });
}

const numberOf = ({ n }: Record<string, unknown>): { n?: number } =>
  typeof n === 'number' && Number.isSafeInteger(n) && n > 0 ? { n } : {};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && 'type' in value;

function check<F>(value: Record<string, unknown>, shapes: Map<unknown, Shape<F>>): Result<F, ParseError> {
  const shape = shapes.get(value['type']);
  if (!shape) return err({ code: 'unknown-type', detail: 'unknown type' });
  const checked = shape.safeParse(value);
  if (checked.success) return ok(checked.data);
  const path = checked.error.issues[0]?.path.join('.') ?? '';
  return err({ code: 'wrong-shape', detail: `${String(value['type'])}: ${path}` });
}
