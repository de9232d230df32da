import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';

/** Lays a `.br` beside every file of the built app that gains by it; the server sends it to browsers that take it. */
const GAINS = new Set(['.js', '.css', '.html', '.json', '.svg', '.webmanifest', '.txt', '.wasm']);
/** Below this many bytes the header costs more than the body. */
const SMALL = 512;

const compress = promisify(brotliCompress);

async function compressFile(path: string): Promise<void> {
  const bytes = await readFile(path);
  if (bytes.length < SMALL) return;
  const packed = await compress(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  if (packed.length < bytes.length) await writeFile(`${path}.br`, packed);
}

const root = join(import.meta.dirname, '..', 'dist', 'app');
const files = await readdir(root, { recursive: true, withFileTypes: true });
await Promise.all(
  files
    .filter(file => file.isFile() && GAINS.has(extname(file.name)))
    .map(file => compressFile(join(file.parentPath, file.name))),
);
