import {
  computed,
  createEnvironmentInjector,
  EnvironmentInjector,
  provideZonelessChangeDetection,
  signal,
} from '@angular/core';
import { TestBed } from '@angular/core/testing';
import {
  MOST_FILE_BYTES,
  PIECE_BYTES,
  WINDOW_BYTES,
  writeFileMessage,
  writePiece,
} from '#protocol/direct/file-messages';
import { type ClientCall } from '#protocol/call-client-state';
import { Call } from '../call';
import { CallLink } from '../call-link';
import { PeerChannel } from '../peer-channel';
import { LinkPair } from '../testing/link-pair';
import { until } from '../testing/until';
import { CallFiles } from './call-files';

/** The files of one page, whose call and channel are in the spec's hands. */
function page() {
  const call = signal<ClientCall>({ state: 'idle', last: null });
  const files = signal<PeerChannel | null>(null);
  const calls = computed(() => ({ current: call(), held: null, waiting: null }));
  const injector = createEnvironmentInjector(
    [
      CallFiles,
      { provide: Call, useValue: { state: call, calls } },
      { provide: CallLink, useValue: { channelOf: () => files() } },
    ],
    TestBed.inject(EnvironmentInjector),
  );
  const own = injector.get(CallFiles);
  const joins = (callId: string) => call.set({ state: 'joined', callId } as unknown as ClientCall);
  const leaves = (callId: string) => call.set({ state: 'idle', last: { callId } } as unknown as ClientCall);
  return {
    joins,
    leaves,
    files,
    own,
    phase: () => own.all().at(-1)?.phase,
    stored: () => own.all().at(-1)?.stored ?? 0,
  };
}
type Page = ReturnType<typeof page>;

/** More than a sender may be ahead: it cannot be on its way as a whole. */
const LARGE = WINDOW_BYTES + 4 * 1024 * 1024;

/** Bytes that repeat at no length of a piece. */
const bytesOf = (size: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8) * 17 + (i >> 16)) % 251);
const fileOf = (size: number, bytes = new Uint8Array(size)): File =>
  new File([bytes], 'plans.zip', { type: 'application/zip' });

const digestOf = async (bytes: ArrayBuffer): Promise<string> =>
  Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))).join();

describe('Files between two devices in a call', () => {
  let ada: Page;
  let ben: Page;
  let pair: LinkPair;

  /** Another link takes the place of the one that is there. */
  async function connect(): Promise<void> {
    pair?.close();
    pair = new LinkPair();
    pair.caller.link.release();
    await pair.makeChannels();
    [ada, ben].forEach(({ files }, index) =>
      files.set(new PeerChannel((index === 0 ? pair.caller : pair.callee).channels[0]!)),
    );
    TestBed.tick();
    await pair.flushUntil('both channels are open', () => ada.own.open() && ben.own.open());
  }
  const is = (who: Page, what: string) => until(`it is ${what}`, () => who.phase()?.is === what);
  async function offered(size: number, bytes?: Uint8Array<ArrayBuffer>): Promise<void> {
    ada.own.offer([fileOf(size, bytes)]);
    await is(ben, 'offered');
  }
  const take = () => ben.own.take(ben.own.all().at(-1)!.file);
  /** What one end of a hostile app says. */
  const says = (data: string | ArrayBuffer) => {
    const [channel] = pair.caller.channels;
    if (typeof data === 'string') channel!.send(data);
    else channel!.send(data);
  };

  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: [provideZonelessChangeDetection()] });
    [ada, ben] = [page(), page()];
    for (const { joins } of [ada, ben]) joins('one');
    TestBed.tick();
    await connect();
  });
  afterEach(() => pair.close());

  it('DF4 arrive whole after a cut in the middle, with the same SHA-256', async () => {
    const size = 8 * 1024 * 1024 + 5;
    const bytes = bytesOf(size);
    await offered(size, bytes);
    await take();
    await until('a part is stored', () => ben.stored() > 1024 * 1024);
    await connect();
    await Promise.all([is(ada, 'done'), is(ben, 'done')]);
    const whole = ben.own.whole(ben.own.all()[0]!.file.id)!;
    expect(whole.size).toBe(size);
    expect(await digestOf(await whole.arrayBuffer())).toBe(await digestOf(bytes.buffer));
    expect([(whole as File).name, whole.type]).toEqual(['plans.zip', 'application/zip']);
    expect(ada.stored()).toBe(size);
  });

  it('DF1a are not sent before they are taken, and offers wait for the channel', async () => {
    const alone = page();
    alone.joins('one');
    TestBed.tick();
    alone.own.offer([fileOf(10)]);
    expect(alone.own.all().length).toBe(1);
    await offered(PIECE_BYTES * 3);
    ben.own.does('decline', ben.own.all()[0]!.file.id);
    await is(ada, 'declined');
    expect(ben.stored()).toBe(0);
  });

  it('DF2b stop where the receiver pauses, and go on where it continues', async () => {
    await offered(LARGE);
    const { id } = ben.own.all()[0]!.file;
    await take();
    await until('it moves', () => ben.stored() > 0);
    ben.own.does('pause', id);
    await is(ada, 'paused');
    const { arrived } = ben.own.all()[0] as unknown as { arrived: number };
    expect(arrived).toBeLessThan(LARGE);
    ben.own.does('continue', id);
    await is(ben, 'done');
  });

  for (const who of ['ada', 'ben'] as const)
    it(`DF7a are thrown away where ${who === 'ada' ? 'the sender' : 'the receiver'} cancels`, async () => {
      await offered(LARGE);
      const { id } = ben.own.all()[0]!.file;
      await take();
      await until('it moves', () => ben.stored() > 0);
      (who === 'ada' ? ada : ben).own.does('cancel', id);
      await Promise.all([is(ada, 'cancelled'), is(ben, 'cancelled')]);
      await until('nothing is left', async () => (await kept()).length === 0);
      expect(ben.own.whole(id)).toBeUndefined();
    });

  it('DF7b end with the call, and what has arrived stays until the next one', async () => {
    await offered(1_000);
    await take();
    await is(ben, 'done');
    await offered(LARGE);
    await take();
    for (const { leaves } of [ada, ben]) leaves('one');
    TestBed.tick();
    expect([ada.phase(), ben.phase()]).toEqual(Array(2).fill({ is: 'failed', why: 'call-over' }));
    const [first] = ben.own.all();
    expect(ben.own.whole(first!.file.id)?.size).toBe(1_000);
    ben.joins('two');
    TestBed.tick();
    expect(ben.own.all()).toEqual([]);
  });

  it('are refused before the first byte where the device has no room, and both read so', async () => {
    spyOn(navigator.storage, 'estimate').and.resolveTo({ quota: 1_000, usage: 990 });
    await offered(11);
    await take();
    await Promise.all([is(ada, 'failed'), is(ben, 'failed')]);
    expect([ada.phase(), ben.phase()]).toEqual(Array(2).fill({ is: 'failed', why: 'not-saved' }));
    await offered(10);
    await take();
    await is(ben, 'done');
  });

  it('fail at both ends where the disk refuses in the middle', async () => {
    await offered(PIECE_BYTES * 100);
    await take();
    spyOn(FileSystemWritableFileStream.prototype, 'write').and.rejectWith(
      new DOMException('full', 'QuotaExceededError'),
    );
    await Promise.all([is(ada, 'failed'), is(ben, 'failed')]);
    expect(ada.phase()).toEqual({ is: 'failed', why: 'not-saved' });
  });

  it('are kept in memory where the browser has no file system', async () => {
    spyOn(navigator.storage, 'getDirectory').and.rejectWith(new DOMException('blocked', 'SecurityError'));
    const bytes = bytesOf(PIECE_BYTES * 2 + 1);
    await offered(bytes.length, bytes);
    await take();
    await is(ben, 'done');
    const whole = ben.own.whole(ben.own.all()[0]!.file.id)!;
    expect(await digestOf(await whole.arrayBuffer())).toBe(await digestOf(bytes.buffer));
  });

  it('fail where the file is gone from its sender’s disk', async () => {
    const gone = fileOf(PIECE_BYTES);
    spyOn(gone, 'slice').and.returnValue({
      arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotFoundError')),
    } as Blob);
    ada.own.offer([gone]);
    await is(ben, 'offered');
    await take();
    await is(ben, 'failed');
    expect(ben.phase()).toEqual({ is: 'failed', why: 'unreadable' });
  });

  it('DF3 are thrown away where what arrived is not what was sent', async () => {
    await offered(10);
    const { id } = ben.own.all()[0]!.file;
    // A sender that reads another file than it has offered.
    says(writeFileMessage({ type: 'pause', id }));
    await take();
    says(writePiece({ id, offset: 0, bytes: new Uint8Array(10) }).buffer);
    says(writeFileMessage({ type: 'end', id, digest: '0'.repeat(64) }));
    await is(ben, 'failed');
    expect(ben.phase()).toEqual({ is: 'failed', why: 'damaged' });
  });

  it('DF6 of a petabyte are refused, and the person is not asked', async () => {
    await offered(10);
    const id = '0190c0de-0000-7000-8000-00000000000a' as never;
    says(writeFileMessage({ type: 'offer', file: { id, name: 'x', size: MOST_FILE_BYTES * 1_000, kind: '' } }));
    says(writeFileMessage({ type: 'pause', id: ben.own.all()[0]!.file.id }));
    ada.own.offer([fileOf(11)]);
    await until('the next one is there', () => ben.own.all().length === 2);
    expect(ben.own.all().map(({ file }) => file.size)).toEqual([10, 11]);
  });

  for (const [what, data] of [
    ['no JSON', 'hello'],
    ['a piece without bytes', new ArrayBuffer(24)],
    ['a piece that is too long', new ArrayBuffer(PIECE_BYTES + 25)],
  ] as const)
    it(`DF8 lose their channel by ${what}`, async () => {
      says(data);
      await until('it is closed', () => !ben.own.open() && !ada.own.open());
    });
});

/** Files of calls that lie in the private file system. */
async function kept(): Promise<string[]> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle('call-files', { create: true });
  const names: string[] = [];
  for await (const name of folder.keys()) names.push(name);
  return names;
}
