import { computed, Service, signal } from '@angular/core';
import { forgetRemembered, remember } from '../../device/remembered';
import { download } from '../../look/download';
import { KeptRecording } from './kept-recording';

/** A recording as it is shown. `kept` is over; `busy` while it is being saved. */
export interface Entry {
  readonly recording: KeptRecording;
  readonly state: 'running' | 'kept' | 'saving' | 'failed' | 'saved';
}

type SavePicker = (options: { suggestedName: string }) => Promise<FileSystemFileHandle>;

/** The recordings on this device that are neither saved nor deleted. */
@Service()
export class Recordings {
  readonly #all = signal<readonly Entry[]>([]);

  /** Those that are over, the oldest first. */
  readonly all = computed(() => this.#all().filter(({ state }) => state !== 'running'));
  /** Those about which the person is to decide. */
  readonly unsaved = computed(() => this.all().filter(({ state }) => state !== 'saved'));

  /** One is being made, or written to its end. */
  readonly busy = computed(() => this.#all().some(({ state }) => state === 'running'));

  /** Settles when those of earlier pages are known. */
  readonly known = this.#find();

  begin(name: string, type: string): KeptRecording {
    // The next page looks for recordings only where there may be one.
    remember('parley.recording', 'kept');
    const recording = KeptRecording.begin({ name, type, at: Date.now() }, this.known);
    this.#all.update(all => [...all, { recording, state: 'running' }]);
    return recording;
  }

  /** It is over, and is there as far as it was kept. */
  async end(recording: KeptRecording, lasts: number): Promise<void> {
    await recording.end(lasts);
    if (recording.size > 0) this.#set(recording, 'kept');
    else await this.discard(recording);
  }

  /** Writes it where the person says, after which this device forgets it; or hands it to the browser's downloads. */
  async save(recording: KeptRecording): Promise<void> {
    const file = await recording.whole().catch(() => null);
    if (file === null) return this.#set(recording, 'failed');
    const pick = (globalThis as { showSaveFilePicker?: SavePicker }).showSaveFilePicker;
    if (pick === undefined) return this.#download(recording, file);
    const target = await pick({ suggestedName: file.name }).catch(() => null);
    if (target === null) return;
    this.#set(recording, 'saving');
    try {
      await file.stream().pipeTo(await target.createWritable());
      await this.discard(recording);
    } catch {
      // There is no room for it there, or the place is gone: it is still here.
      this.#set(recording, 'failed');
    }
  }

  async discard(recording: KeptRecording): Promise<void> {
    await recording.discard().catch(() => undefined);
    this.#all.update(all => all.filter(one => one.recording !== recording));
    if (this.#all().length === 0) forgetRemembered('parley.recording');
  }

  async #download(recording: KeptRecording, file: File): Promise<void> {
    download(file, file.name);
    await recording.wasSaved();
    this.#set(recording, 'saved');
  }

  async #find(): Promise<void> {
    // Where there is no such file system nothing was left in it.
    const left = await KeptRecording.left().catch(() => []);
    this.#all.update(all => [...left.map((recording): Entry => ({ recording, state: 'kept' })), ...all]);
    if (this.#all().length === 0) forgetRemembered('parley.recording');
  }

  #set(recording: KeptRecording, state: Entry['state']): void {
    this.#all.update(all => all.map(one => (one.recording === recording ? { recording, state } : one)));
  }
}
