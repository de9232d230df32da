import type { Socket } from 'node:net';
import { onLoopback } from './this-machine.ts';

describe('TURN on the plain port', () => {
  it('TU1b is served to this machine alone', () => {
    const served: Socket[] = [];
    const takes = onLoopback(socket => void served.push(socket));
    const from = (remoteAddress: string, localAddress: string) => {
      const destroy = jasmine.createSpy();
      const socket = { remoteAddress, localAddress, destroy } as unknown as Socket;
      takes(socket);
      return [served.includes(socket), destroy.calls.count()];
    };
    expect(from('127.0.0.1', '127.0.0.1')).toEqual([true, 0]);
    expect(from('::1', '::1')).toEqual([true, 0]);
    expect(from('192.168.1.6', '192.168.1.20')).toEqual([false, 1]);
    expect(from('127.0.0.1', '192.168.1.20')).toEqual([false, 1]);
  });
});
