import { type FileId, PIECE_BYTES, WINDOW_BYTES, writePiece } from '#protocol/direct/file-messages';
import { PieceDigest } from './piece-digest';

/** So much may wait in the channel: enough that it never runs dry between two reads of the disk, in bytes. */
const HIGH_WATER_BYTES = 1024 * 1024;
const LOW_WATER_BYTES = 256 * 1024;
/** Pieces that are read from the disk at once. */
const PIECES_AT_ONCE = 20;

export interface PumpOptions {
  readonly id: FileId;
  readonly file: File;
  /** The channel, while something can be sent. */
  readonly channel: () => RTCDataChannel | null;
  /** All was read and handed to the channel. */
  readonly sent: (digest: string) => void;
  /** The file has changed, is gone, or may not be read any more. */
  readonly unreadable: () => void;
}

/** Reads a file and sends it piece by piece, as fast as the channel and the receiver's disk take it. */
export class FileReaderPump {
  readonly #options: PumpOptions;
  readonly #digest = new PieceDigest();
  #at = 0;
  #stored = 0;
  /** Counts the readings: a halted one that comes back from the disk is not the one that goes on. */
  #reading = 0;
  #wake: () => void = () => undefined;

  constructor(options: PumpOptions) {
    this.#options = options;
  }

  /** @param from the first byte to send; null: where it was halted */
  read(from: number | null): void {
    this.#at = from ?? this.#at;
    this.#stored = Math.min(this.#stored, this.#at);
    void this.#run((this.#reading += 1)).catch(() => this.#options.unreadable());
  }

  halt(): void {
    this.#reading += 1;
    this.#wake();
  }

  /** The receiver has stored so many bytes. */
  stored(bytes: number): void {
    this.#stored = bytes;
    this.#wake();
  }

  async #run(reading: number): Promise<void> {
    const { id, file, sent } = this.#options;
    while (this.#at < file.size) {
      const block = await file.slice(this.#at, this.#at + PIECES_AT_ONCE * PIECE_BYTES).arrayBuffer();
      // A browser may answer less than was asked for, where the file was cut short meanwhile.
      if (this.#reading === reading && block.byteLength === 0) throw new Error('the file has become shorter');
      for (let start = 0; start < block.byteLength; start += PIECE_BYTES) {
        const channel = await this.#whenDrained(reading);
        if (channel === null) return;
        const bytes = new Uint8Array(block.slice(start, start + PIECE_BYTES));
        this.#digest.add({ offset: this.#at, bytes });
        channel.send(writePiece({ id, offset: this.#at, bytes }));
        this.#at += bytes.length;
      }
    }
    const digest = await this.#digest.whole();
    if (this.#reading === reading) sent(digest);
  }

  /** @returns the channel once it and the receiver take more; null where this reading is over */
  async #whenDrained(reading: number): Promise<RTCDataChannel | null> {
    for (;;) {
      const channel = this.#reading === reading ? this.#options.channel() : null;
      if (channel === null) return null;
      const isFull = channel.bufferedAmount > HIGH_WATER_BYTES;
      if (!isFull && this.#at + PIECE_BYTES - this.#stored <= WINDOW_BYTES) return channel;
      await new Promise<void>(resolve => {
        this.#wake = resolve;
        channel.bufferedAmountLowThreshold = LOW_WATER_BYTES;
        channel.onbufferedamountlow = () => this.#wake();
      });
    }
  }
}
