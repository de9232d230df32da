import { computed, DestroyRef, effect, inject, Service, signal, untracked } from '@angular/core';
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
  isOver,
  nextTransfers,
  NO_TRANSFERS,
  type Transfers,
} from '#protocol/direct/file-transfers';
import { Call } from '../call';
import { CallLink } from '../call-link';
import { type FileChannel } from '../file-channel';
import { FileReaderPump } from './file-reader-pump';
import { ReceivedFile, removeReceivedFiles } from './received-file';

/** The files of a call, from device to device: the shell around the machine of `#protocol/direct/file-transfers`. */
@Service()
export class CallFiles {
  readonly #call = inject(Call);
  readonly #link = inject(CallLink);
  readonly #callId = computed(() => {
    const call = this.#call.state();
    return call.state === 'idle' ? null : call.callId;
  });
  readonly #state = signal<Transfers>(NO_TRANSFERS);
  readonly #whole = signal<ReadonlyMap<FileId, Blob>>(new Map());
  readonly #pumps = new Map<FileId, FileReaderPump>();
  readonly #received = new Map<FileId, ReceivedFile>();
  readonly #taking = new Set<FileId>();
  #channel: FileChannel | null = null;
  #piece: Piece | null = null;

  /** In the order in which they were offered. */
  readonly all = computed(() => this.#state().all);
  /** Whether something can be said to the other end now. */
  readonly open = computed(() => this.#state().open);
  /** Offers of the other end that nobody has answered yet. */
  readonly asked = computed(() => this.all().filter(({ way, phase }) => way === 'in' && phase.is === 'offered'));

  constructor() {
    // Where there is no such file system there is nothing to remove.
    void removeReceivedFiles().catch(() => undefined);
    let last = untracked(this.#callId);
    effect(() => {
      const now = this.#callId();
      if (now === last) return;
      last = now;
      // What has arrived stays until the next call begins.
      untracked(() => (now === null ? this.#dispatch({ type: 'over' }) : this.#forget()));
    });
    effect(onCleanup => {
      const channel = this.#link.files();
      untracked(() => (this.#channel = channel));
      if (channel === null) return;
      const ended = channel.listen({
        opened: () => this.#dispatch({ type: 'opened' }),
        heard: data => this.#hear(data),
        closed: () => this.#dispatch({ type: 'lost' }),
      });
      onCleanup(() => {
        ended();
        untracked(() => this.#dispatch({ type: 'lost' }));
      });
    });
    inject(DestroyRef).onDestroy(() => this.#dispatch({ type: 'over' }));
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
      channel: () => this.#channel?.open ?? null,
      sent: digest => this.#dispatch({ type: 'sent', id, digest }),
      unreadable: () => this.#dispatch({ type: 'failed', id, why: 'unreadable' }),
    });
  }

  #hear(data: unknown): void {
    if (typeof data === 'string') {
      const message = readFileMessage(data);
      return message.ok ? this.#dispatch({ type: 'message', message: message.value }) : this.#channel?.close();
    }
    const piece = data instanceof ArrayBuffer ? readPiece(data) : null;
    if (!piece?.ok) return this.#channel?.close();
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
        return this.#channel?.open?.send(writeFileMessage(effect.message));
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

  #forget(): void {
    for (const { file } of untracked(this.#state).all.filter(one => !isOver(one))) this.#discard(file.id);
    this.#state.update(({ open }) => ({ open, all: [] }));
    this.#whole.set(new Map());
    this.#pumps.clear();
    this.#received.clear();
    this.#taking.clear();
  }
}
