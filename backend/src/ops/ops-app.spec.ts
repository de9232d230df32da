import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:http';
import { rawRequest } from '../testing/raw-request.ts';
import { createMetrics } from './metrics.ts';
import { opsApp } from './ops-app.ts';

describe('the port for the operator of the machine', () => {
  let server: Server;
  beforeEach(async () => {
    server = createServer(opsApp({ metrics: createMetrics(), hosts: ['parley'], missing: () => undefined }));
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => server.close());

  const statusFor = async (host: string) => {
    const { port } = server.address() as AddressInfo;
    return (await rawRequest(port, 'GET', '/metrics', { host })).status;
  };

  it('answers by the names it has, and by no other that a browser was led here by', async () => {
    for (const host of ['localhost', 'localhost:9464', '127.0.0.1:9464', '[::1]:9464', 'parley:9464', 'LOCALHOST'])
      expect(await statusFor(host))
        .withContext(host)
        .toBe(200);
    for (const host of ['evil.example', 'evil.example:9464', 'parley.evil.example', '10.9.8.7', 'localhost.evil'])
      expect(await statusFor(host))
        .withContext(host)
        .toBe(421);
  });
});
