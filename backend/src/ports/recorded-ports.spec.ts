import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPortFree, openPorts, PortError } from './recorded-ports.ts';

describe('The ports of an installation', () => {
  let directory: string;
  const allBut =
    (...ports: number[]) =>
    (port: number) =>
      Promise.resolve(!ports.includes(port));
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-ports-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('are 8443 and 8080 where they are free', async () => {
    expect(await openPorts(directory, allBut())).toEqual({ https: 8443, http: 8080 });
  });

  it('are the next free ones at the first start, and those for ever', async () => {
    expect(await openPorts(directory, allBut(8443, 8444, 8080))).toEqual({ https: 8445, http: 8081 });
    expect(await openPorts(directory, allBut())).toEqual({ https: 8445, http: 8081 });
  });

  it('stop a later start with what to do where one is taken', async () => {
    await openPorts(directory, allBut());
    const sentence =
      /Port 8080 is taken: is Parley running already\?.*A new port is a new origin: to move, delete .*ports\.json/;
    await expectAsync(openPorts(directory, allBut(8080))).toBeRejectedWithError(PortError, sentence);
    expect(JSON.parse(await readFile(join(directory, 'ports.json'), 'utf8'))).toEqual({ https: 8443, http: 8080 });
  });

  for (const text of [
    '',
    '{',
    '[]',
    '{"https":8443}',
    '{"https":"8443","http":8080}',
    '{"https":0,"http":70000}',
    '{"https":1,"http":1}',
  ]) {
    it(`are not guessed from a record that says ${text || 'nothing'}`, async () => {
      await writeFile(join(directory, 'ports.json'), text);
      await expectAsync(openPorts(directory, allBut())).toBeRejectedWithError(PortError, /does not say which ports/);
    });
  }

  it('end the search after a hundred', async () => {
    await expectAsync(openPorts(directory, () => Promise.resolve(false))).toBeRejectedWithError(
      PortError,
      /8443 to 8542/,
    );
  });

  it('count as taken where somebody listens, on one address or all', async () => {
    for (const host of ['127.0.0.1', '::']) {
      const server = createServer();
      await new Promise<void>(resolve => server.listen(0, host, resolve));
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      expect(await isPortFree(port))
        .withContext(host)
        .toBe(false);
      await new Promise(resolve => server.close(resolve));
      expect(await isPortFree(port))
        .withContext(host)
        .toBe(true);
    }
  });
});
