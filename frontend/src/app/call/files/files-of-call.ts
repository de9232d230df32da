import { computed, DestroyRef, inject, signal, untracked } from '@angular/core';
import {
  fileId,
  type FileId,
  type OfferedFile,
  type Piece,
  readFileMessage,
  readPiece,
  safeFileName,
  writeFileMessage,
} from '#protocol/direct/file-messages';
import {
  type FileEffect,
  type FileEvent,
  nextTransfers,
  NO_TRANSFERS,
  type Transfers,
} from '#protocol/direct/file-transfers';
import { followChannel } from '../follow-channel';
import { type PeerChannel } from '../peer-channel';
import { FileReaderPump } from './file-reader-pump';
import { ReceivedFile } from './received-file';

/**
 * The files of one call, from device to device: the shell around the machine of `#protocol/direct/file-transfers`. To be made
 * in an injection context, and over with it.
 */
export class FilesOfCall {
  readonly #state = signal<Transfers>(NO_TRANSFERS);
  readonly #whole = signal<ReadonlyMap<FileId, Blob>>(new Map());
  readonly #pumps = new Map<FileId, FileReaderPump>();
  readonly #received = new Map<FileId, ReceivedFile>();
  readonly #taking = new Set<FileId>();
  readonly #channel: () => PeerChannel | null;
  #piece: Piece | null = null;

  /** In the order in which they were offered. */
  readonly all = computed(() => this.#state().all);
  /** Whether something can be said to the other end now. */
  readonly open = computed(() => this.#state().open);
  /** Offers of the other end that nobody has answered yet. */
  readonly asked = computed(() => this.all().filter(({ way, phase }) => way === 'in' && phase.is === 'offered'));

  /** @param channel of the call's link, which another one may take the place of */
  constructor(channel: () => PeerChannel | null) {
    this.#channel = followChannel(channel, {
      opened: () => this.#dispatch({ type: 'opened' }),
      heard: data => this.#hear(data),
      lost: () => this.#dispatch({ type: 'lost' }),
    });
    inject(DestroyRef).onDestroy(() => this.end());
  }

  /** The call is over: what has arrived stays. */
  end(): void {
    this.#dispatch({ type: 'over' });
  }

  /** Offers files to the other end. */
  offer(files: Iterable<File>): void {
    for (const file of files) {
      const id = fileId.parse(crypto.randomUUID());
      this.#pumps.set(id, this.#pumpOf(id, file));
      const { name, size, type } = file;
      const kind = type.length > 127 ? '' : type;
      this.#dispatch({ type: 'offer', file: { id, name: safeFileName(name), size, kind } });
    }
  }

  /** Takes an offered file, where there is room for it. */
  async take(file: OfferedFile): Promise<void> {
    const { id } = file;
    if (this.#taking.has(id)) return;
    this.#taking.add(id);
    const received = await ReceivedFile.open(file, bytes => this.#dispatch({ type: 'stored', id, bytes }));
    if (received === null) return this.#dispatch({ type: 'failed', id, why: 'not-saved' });
    this.#received.set(id, received);
    this.#dispatch({ type: 'take', id });
    // The call, or the offer, may be over by now.
    if (this.#phaseOf(id) !== 'moving') this.#discard(id);
  }

  does(type: 'decline' | 'pause' | 'continue' | 'cancel', id: FileId): void {
    this.#dispatch({ type, id });
  }

  /** A file that has arrived whole. */
  whole(id: FileId): Blob | undefined {
    return this.#whole().get(id);
  }

  #pumpOf(id: FileId, file: File): FileReaderPump {
    return new FileReaderPump({
      id,
      file,
      channel: () => this.#channel()?.open ?? null,
      sent: digest => this.#dispatch({ type: 'sent', id, digest }),
      unreadable: () => this.#dispatch({ type: 'failed', id, why: 'unreadable' }),
    });
  }

  #hear(data: unknown): void {
    if (typeof data === 'string') {
      const message = readFileMessage(data);
      return message.ok ? this.#dispatch({ type: 'message', message: message.value }) : this.#channel()?.close();
    }
    const piece = data instanceof ArrayBuffer ? readPiece(data) : null;
    if (!piece?.ok) return this.#channel()?.close();
    this.#piece = piece.value;
    const { id, offset, bytes } = piece.value;
    this.#dispatch({ type: 'piece', id, offset, length: bytes.length });
    this.#piece = null;
  }

  #dispatch(event: FileEvent): void {
    const [state, effects] = nextTransfers(untracked(this.#state), event);
    this.#state.set(state);
    for (const one of effects) this.#perform(one);
    if (event.type === 'message' && event.message.type === 'stored')
      this.#pumps.get(event.message.id)?.stored(event.message.bytes);
  }

  #perform(effect: FileEffect): void {
    switch (effect.do) {
      case 'send':
        return this.#channel()?.open?.send(writeFileMessage(effect.message));
      case 'read':
        return this.#pumps.get(effect.id)?.read(effect.from);
      case 'halt':
        return this.#pumps.get(effect.id)?.halt();
      case 'store':
        if (this.#piece) this.#received.get(effect.id)?.keep(this.#piece.bytes, () => this.#notSaved(effect.id));
        return;
      case 'check':
        return void this.#check(effect.id, effect.digest).catch(() => this.#notSaved(effect.id));
      case 'discard':
        return this.#discard(effect.id);
    }
  }

  #notSaved(id: FileId): void {
    this.#dispatch({ type: 'failed', id, why: 'not-saved' });
  }

  async #check(id: FileId, digest: string): Promise<void> {
    const whole = await this.#received.get(id)?.whole(digest);
    if (!whole) return this.#dispatch({ type: 'failed', id, why: 'damaged' });
    this.#whole.update(known => new Map(known).set(id, whole));
    this.#dispatch({ type: 'checked', id });
  }

  #discard(id: FileId): void {
    void this.#received.get(id)?.discard();
    this.#received.delete(id);
  }

  #phaseOf = (id: FileId) => untracked(this.#state).all.find(({ file }) => file.id === id)?.phase.is;
}
