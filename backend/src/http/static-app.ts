import express, { type RequestHandler, type Router } from 'express';
import expressStaticGzip from 'express-static-gzip';
import { WORKER_POLICY } from './security-headers.ts';

/** What the build names after its own content never changes. */
const HASHED = /-[\w-]{8}\.(js|css|wasm)(\.br)?$/;
/** As the builder names what it makes for `new Worker`. */
const WORKER = /[\\/]worker-[\w-]{8}\.js(\.br)?$/;

const fallback: RequestHandler = (request, _response, next) => {
  // Deep links belong to the app's router; only what looks like a file may be missing.
  if (!/\.[^/]*$/.test(request.path)) request.url = '/index.html';
  next();
};

/** The built app, compressed where the build has left a `.br` beside a file and the browser takes it. */
export function staticApp(directory: string): Router {
  const router = express.Router();
  const files = expressStaticGzip(directory, {
    enableBrotli: true,
    orderPreference: ['br'],
    index: false,
    serveStatic: {
      index: false,
      redirect: false,
      cacheControl: false,
      setHeaders: (response: { setHeader(name: string, value: string): void }, path: string) => {
        response.setHeader('Cache-Control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
        if (WORKER.test(path)) response.setHeader('Content-Security-Policy', WORKER_POLICY);
      },
    },
  }) as RequestHandler;
  router.get('/{*path}', fallback, files);
  return router;
}
