import {
  computed,
  createEnvironmentInjector,
  effect,
  EnvironmentInjector,
  inject,
  runInInjectionContext,
  Service,
  signal,
  untracked,
} from '@angular/core';
import { namedCalls } from '#protocol/call-client-state';
import { type FileId, type OfferedFile } from '#protocol/direct/file-messages';
import { type CallId } from '#protocol/ids';
import { Call } from '../call';
import { CallLink } from '../call-link';
import { FilesOfCall } from './files-of-call';
import { removeReceivedFiles } from './received-file';

interface Kept {
  readonly files: FilesOfCall;
  readonly injector: EnvironmentInjector;
  readonly isOver: boolean;
}

/** The files of this page's calls: those of the current call, or of the one that was it last. */
@Service()
export class CallFiles {
  readonly #call = inject(Call);
  readonly #link = inject(CallLink);
  readonly #parent = inject(EnvironmentInjector);
  readonly #kept = signal<ReadonlyMap<CallId, Kept>>(new Map());
  readonly #current = computed(() => {
    const call = this.#call.state();
    const callId = call.state === 'idle' ? call.last?.callId : call.callId;
    return callId === undefined ? undefined : this.#kept().get(callId)?.files;
  });

  /** In the order in which they were offered. */
  readonly all = computed(() => this.#current()?.all() ?? []);
  /** Whether something can be said to the other end now. */
  readonly open = computed(() => this.#current()?.open() ?? false);
  /** Offers of the other end that nobody has answered yet. */
  readonly asked = computed(() => this.all().filter(({ way, phase }) => way === 'in' && phase.is === 'offered'));

  constructor() {
    // Where there is no such file system there is nothing to remove.
    void removeReceivedFiles().catch(() => undefined);
    const callIds = computed(() => namedCalls(this.#call.calls()).join());
    effect(() => {
      callIds();
      untracked(() => this.#follow(namedCalls(this.#call.calls())));
    });
  }

  /** Offers files to the other end. */
  offer(files: Iterable<File>): void {
    this.#current()?.offer(files);
  }

  /** Takes an offered file, where there is room for it. */
  async take(file: OfferedFile): Promise<void> {
    await this.#current()?.take(file);
  }

  does(type: 'decline' | 'pause' | 'continue' | 'cancel', id: FileId): void {
    this.#current()?.does(type, id);
  }

  /** A file that has arrived whole. */
  whole(id: FileId): Blob | undefined {
    return this.#current()?.whole(id);
  }

  /** What has arrived in a call stays until another one begins. */
  #follow(callIds: readonly CallId[]): void {
    const before = [...this.#kept()];
    const come = callIds.filter(callId => !this.#kept().has(callId));
    const stay = before.filter(([, { isOver }]) => !isOver || come.length === 0);
    for (const [, { injector }] of before.filter(one => !stay.includes(one))) injector.destroy();
    const now = stay.map(([callId, kept]): [CallId, Kept] => {
      const isOver = !callIds.includes(callId);
      if (isOver && !kept.isOver) kept.files.end();
      return [callId, { ...kept, isOver }];
    });
    this.#kept.set(new Map([...now, ...come.map(callId => [callId, this.#begin(callId)] as const)]));
  }

  #begin(callId: CallId): Kept {
    const injector = createEnvironmentInjector([], this.#parent);
    const channel = () => this.#link.channelOf(callId, 'files');
    return { injector, isOver: false, files: runInInjectionContext(injector, () => new FilesOfCall(channel)) };
  }
}
