import { fileId, PIECE_BYTES, WINDOW_BYTES } from '#protocol/direct/file-messages';
import { FileReaderPump } from './file-reader-pump';

describe('The reading of a file that is sent', () => {
  const id = fileId.parse('0a0a0a0a-0000-4000-8000-00000000000a');
  const PIECES_AHEAD = Math.floor(WINDOW_BYTES / PIECE_BYTES);

  it('DF2a is at most 8 MiB ahead of what the receiver has stored', async () => {
    let pieces = 0;
    const channel = { bufferedAmount: 0, send: () => (pieces += 1) } as unknown as RTCDataChannel;
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const file = new File([new Uint8Array(WINDOW_BYTES + 2 * PIECE_BYTES)], 'large');
    const options = {
      id,
      file,
      channel: () => channel,
      sent: resolve,
      unreadable: () => reject(new Error('unreadable')),
    };
    const pump = new FileReaderPump(options);
    /** Waits until so many pieces were sent, and gives the pump some more turns. */
    const sends = async (wanted: number) => {
      while (pieces < wanted) await new Promise(done => requestIdleCallback(done));
      for (let turn = 0; turn < 5; turn += 1) await new Promise(done => requestIdleCallback(done));
      expect(pieces).toBe(wanted);
    };
    pump.read(0);
    await sends(PIECES_AHEAD);
    pump.stored(PIECE_BYTES);
    await sends(PIECES_AHEAD + 1);
    pump.stored(WINDOW_BYTES);
    await promise;
    expect(pieces).toBe(Math.ceil(file.size / PIECE_BYTES));
  });
});
