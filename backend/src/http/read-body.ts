import { isUtf8 } from 'node:buffer';
import express, { type RequestHandler } from 'express';
import type { Declaration } from './route.ts';

/** Largest JSON body, in bytes. */
export const JSON_BYTES = 64 * 1024;

/** What body-parser's errors are made to look like, so that one place turns them into problems. */
export class BodyError extends Error {
  readonly status = 400;
}

const jsonUpTo = (limit: number, inflate: boolean): RequestHandler =>
  express.json({
    limit,
    inflate,
    strict: true,
    // The parser would put replacement characters where the bytes are not UTF-8 (RFC 8259, 8.1).
    verify: (_request, _response, bytes, encoding) => {
      if (encoding !== 'utf-8' || !isUtf8(bytes)) throw new BodyError('The body must be UTF-8.');
    },
  });
const json = jsonUpTo(JSON_BYTES, false);

/** Of what may be compressed only gzip is taken: the limit is on what comes out, and the parser stops there. */
const gzipAlone: RequestHandler = (request, _response, next) => {
  const coding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
  next(coding === 'identity' || coding === 'gzip' ? undefined : new CodingError('Only gzip is taken.'));
};
class CodingError extends Error {
  readonly status = 415;
}

/** Reads what a route takes: JSON, bytes of its types, or nothing. */
export const bodyReader = ({ body, bodyBytes, upload }: Declaration): RequestHandler[] => {
  if (upload !== undefined) return [express.raw({ type: [...upload.types], limit: upload.bytes, inflate: false })];
  if (body === undefined) return [];
  return bodyBytes === undefined ? [json] : [gzipAlone, jsonUpTo(bodyBytes, true)];
};
