import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPortFree, openPorts, PortError, type PortOptions, type PortProbe } from './recorded-ports.ts';

describe('The ports of an installation', () => {
  let directory: string;
  const allBut =
    (...ports: number[]) =>
    (port: number) =>
      Promise.resolve(!ports.includes(port));
  const open = (configured: PortOptions['configured'], isFree: PortProbe) =>
    openPorts({ dataDirectory: directory, configured }, isFree);
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-ports-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('are 8443 and 8080 where they are free', async () => {
    expect(await open({}, allBut())).toEqual({ https: 8443, http: 8080 });
  });

  it('are the next free ones at the first start, and the same at every later one', async () => {
    expect(await open({}, allBut(8443, 8444, 8080))).toEqual({ https: 8445, http: 8081 });
    expect(await open({}, allBut())).toEqual({ https: 8445, http: 8081 });
  });

  it('stop a later start with what to do where one is taken', async () => {
    await open({}, allBut());
    const sentence =
      /Port 8080 is taken: is Parley running already\?.*A new port is a new origin: to move, delete .*ports\.json/;
    await expectAsync(open({}, allBut(8080))).toBeRejectedWithError(PortError, sentence);
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
      await expectAsync(open({}, allBut())).toBeRejectedWithError(PortError, /does not say which ports/);
    });
  }

  it('are the configured ones where there are such, taken or not, and nothing is recorded', async () => {
    expect(await open({ https: 0, http: 8080 }, allBut(8080))).toEqual({ https: 0, http: 8080 });
    await expectAsync(readFile(join(directory, 'ports.json'))).toBeRejected();
  });

  it('are recorded for the listener that is not configured', async () => {
    expect(await open({ http: 8443 }, allBut())).toEqual({ https: 8444, http: 8443 });
    expect(await open({ http: 9000 }, allBut())).toEqual({ https: 8444, http: 9000 });
    await expectAsync(open({ http: 9000 }, allBut(8444))).toBeRejectedWithError(PortError, /8444 is taken/);
    expect(await open({ http: 9000 }, allBut(8443))).toEqual({ https: 8444, http: 9000 });
  });

  it('end the search after a hundred', async () => {
    await expectAsync(open({}, () => Promise.resolve(false))).toBeRejectedWithError(PortError, /8443 to 8542/);
  });

  it('count as taken where another process listens, on one address or all', async () => {
    for (const host of ['127.0.0.1', '::']) {
      const server = createServer();
      await new Promise<void>(resolve => server.listen(0, host, resolve));
      const address = server.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      expect(await isPortFree(port, undefined))
        .withContext(host)
        .toBe(false);
      await new Promise(resolve => server.close(resolve));
      expect(await isPortFree(port, undefined))
        .withContext(host)
        .toBe(true);
    }
  });
});
