import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type ConnectionOptions } from 'node:tls';
import { openCertificates } from '../tls/certificates.ts';
import { unchanging } from '../tls/served.ts';
import { close, secureServer } from './listeners.ts';

describe('The https port', () => {
  it('agrees on TLS 1.3, on suites of TLS 1.2 with forward secrecy and authenticated encryption, and on nothing older', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'parley-suites-'));
    const names = { hostName: 'nas', hosts: [], addresses: [], now: Date.now(), notBefore: 0 };
    const server = secureServer(unchanging(await openCertificates({ directory, ...names })), () => undefined);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;

    /** @returns protocol and suite, or the code of the refusal; the client itself would take everything */
    const agreed = async (offer: ConnectionOptions): Promise<string> => {
      const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, minVersion: 'TLSv1', ...offer });
      try {
        await once(socket, 'secureConnect');
        return `${socket.getProtocol() ?? ''} ${socket.getCipher().name}`;
      } catch (error) {
        return (error as NodeJS.ErrnoException).code ?? '';
      } finally {
        socket.destroy();
      }
    };
    expect(await agreed({})).toMatch(/^TLSv1\.3 TLS_AES_256_GCM_SHA384$/);
    const old = (ciphers: string) => agreed({ maxVersion: 'TLSv1.2', ciphers: `${ciphers}:@SECLEVEL=0` });
    for (const suite of ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305'])
      expect(await old(suite)).toBe(`TLSv1.2 ${suite}`);
    for (const suite of [
      'ECDHE-ECDSA-AES128-SHA256',
      'ECDHE-ECDSA-AES256-SHA',
      'AES128-GCM-SHA256',
      'DHE-RSA-AES256-SHA',
    ])
      expect(await old(suite))
        .withContext(suite)
        .toMatch(/^ERR_SSL/);
    expect(await agreed({ maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' })).toMatch(/^ERR_SSL/);
    await close(server, 0);
    await rm(directory, { recursive: true });
  });
});
