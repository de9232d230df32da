import { TestBed } from '@angular/core/testing';
import { phaseOf } from '#protocol/call-client-state';
import { type RecordingMessage, recordingId } from '#protocol/direct/recording-messages';
import { type PeerChannel } from '../peer-channel';
import { shown } from '../testing/overlay';
import { button, has, OverlayCall, pressable } from '../testing/overlay-call';
import { until } from '../testing/until';
import { RECORDED_SIZE } from './call-recorder';
import { CallRecording } from './call-recording';
import { KeptRecording } from './kept-recording';
import { Recordings } from './recordings';

const ID = recordingId.parse('0190c0de-0000-7000-8000-000000000001');

describe('Recording a call', () => {
  let talk: OverlayCall;
  let channel: PeerChannel;
  /** What this page has said to Mira's device. */
  let heard: RecordingMessage[];
  let closed: boolean;

  /** Mira's device, in the spec's hands. */
  const says = (message: RecordingMessage | { type: string }) => channel.open!.send(JSON.stringify(message));
  const hears = (type: RecordingMessage['type']) =>
    until(`Mira’s device hears ${type}`, () => heard.some(message => message.type === type));
  const lastId = () => heard.flatMap(message => ('id' in message ? [message.id] : [])).at(-1)!;
  const reads = (text: string) => until(text, () => document.body.textContent.includes(text));
  const recording = () => TestBed.inject(CallRecording);

  async function begins(knows = true): Promise<void> {
    await talk.talk();
    const call = talk.mira.call.state();
    if (call.state === 'idle') throw new Error('no call');
    await until(
      'there is a channel',
      () => (talk.mira.link.channelOf(call.callId, 'recording')?.open ?? null) !== null,
    );
    channel = talk.mira.link.channelOf(call.callId, 'recording')!;
    [heard, closed] = [[], false];
    channel.listen({
      opened: () => knows && says({ type: 'hello', runs: null }),
      heard: data => heard.push(JSON.parse(data as string) as RecordingMessage),
      closed: () => (closed = true),
    });
    await hears('hello');
    if (knows) await until('it can be asked', () => recording().canAsk());
  }
  async function records(): Promise<void> {
    await talk.more('Record this call');
    await hears('ask');
    says({ type: 'answer', id: lastId(), allow: true });
    await until('it is shown', () => has('parley-recording-mark .dot'));
    await hears('runs');
    await isKept();
  }
  /** Something of the recording that runs is on the disk. */
  const isKept = () =>
    until('a part is kept', async () => {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle('call-recordings', { create: true });
      for await (const one of folder.values())
        if (one instanceof FileSystemDirectoryHandle)
          for await (const name of one.keys()) if (name === '000000') return true;
      return false;
    });
  const isListed = () => until('it is listed', () => TestBed.inject(Recordings).all().length === 1);
  async function forget(): Promise<void> {
    localStorage.removeItem('parley.recording');
    const root = await navigator.storage.getDirectory();
    await until('nothing is kept', () =>
      root.removeEntry('call-recordings', { recursive: true }).then(
        () => true,
        (cause: DOMException) => cause.name === 'NotFoundError',
      ),
    );
  }

  beforeEach(async () => {
    await forget();
    talk = await OverlayCall.open([{ provide: RECORDED_SIZE, useValue: { width: 320, height: 180 } }]);
  });
  afterEach(async () => {
    talk.close();
    await until('nothing is written any more', () => !TestBed.inject(Recordings).busy());
    await forget();
  });

  it('asks, records once it is allowed, and offers the file when the call is over', async () => {
    await begins();
    await talk.more('Record this call');
    await hears('ask');
    await reads('Asking Mira Sand whether the call may be recorded…');
    expect(has('parley-recording-mark .dot')).toBeFalse();
    says({ type: 'answer', id: lastId(), allow: true });
    await until('it is shown', () => has('parley-recording-mark .dot'));
    expect(localStorage.getItem('parley.recording')).not.toBeNull();
    await isKept();
    talk.mira.call.leave();
    await until('the recording is offered', () => has('parley-recordings-sheet dialog[open]'));
    expect(shown('parley-recordings-sheet').textContent).toContain('Call with Mira Sand');
    const [kept] = await KeptRecording.left();
    expect(kept!.about.lasts).toBeGreaterThan(0);
    expect(kept!.size).toBeGreaterThan(0);
  });

  it('says a no, and does not ask again at once', async () => {
    await begins();
    await talk.more('Record this call');
    await hears('ask');
    says({ type: 'answer', id: lastId(), allow: false });
    await reads('Mira Sand does not want the call to be recorded.');
    await talk.more('Record this call');
    await reads('Wait a minute before you ask again.');
    expect(heard.filter(({ type }) => type === 'ask').length).toBe(1);
  });

  it('ends when the other person takes their consent back, and keeps what was recorded', async () => {
    await begins();
    await records();
    says({ type: 'stop', id: lastId() });
    await reads('Mira Sand has stopped the recording.');
    await hears('ended');
    expect(has('parley-recording-mark .dot')).toBeFalse();
  });

  it('is ended by its own person in the sheet, where it is then found and can be deleted', async () => {
    await begins();
    await records();
    await talk.more('Stop the recording');
    await hears('ended');
    await isListed();
    await talk.more('Recordings');
    await until('the sheet', () => has('parley-recordings-sheet dialog[open]'));
    pressable('Delete').click();
    await until('the question', () => has('parley-confirm-dialog dialog[open]'));
    document.querySelector<HTMLElement>('parley-confirm-dialog .danger')!.click();
    await reads('There is none any more.');
    expect(await KeptRecording.left()).toEqual([]);
    expect(localStorage.getItem('parley.recording')).toBeNull();
  });

  it('asks this person, shows what the other records, and stops it with one press', async () => {
    await begins();
    says({ type: 'ask', id: ID });
    await reads('Mira Sand wants to record this call');
    pressable('Allow').click();
    await hears('answer');
    expect(heard.at(-1)).toEqual({ type: 'answer', id: ID, allow: true });
    says({ type: 'runs', id: ID });
    await reads('Mira Sand is recording');
    expect(has('parley-recording-question')).toBeFalse();
    button('Stop the recording').click();
    await hears('stop');
    await reads('Mira Sand is not recording any more.');
  });

  it('takes the closing of its question for a no', async () => {
    await begins();
    says({ type: 'ask', id: ID });
    await until('the question', () => has('parley-recording-question dialog[open]'));
    document.querySelector<HTMLDialogElement>('parley-recording-question dialog')!.close();
    await hears('answer');
    expect(heard.at(-1)).toEqual({ type: 'answer', id: ID, allow: false });
    await until('it is gone', () => !has('parley-recording-question'));
  });

  it('is over, as far as it came, when the other person puts the call on hold', async () => {
    await begins();
    await records();
    const call = talk.mira.call.state();
    if (call.state === 'idle') throw new Error('no call');
    const held = JSON.stringify({ microphone: 'muted', video: 'none', held: true });
    talk.mira.call.say(call.callId, talk.page.me.seat.deviceId, 'call.media-state', 1, held);
    await reads('A call on hold is not recorded.');
    await hears('ended');
  });

  it('RC6 says that an older app does not know of it, and asks nothing', async () => {
    await begins(false);
    button('More').click();
    await reads('Mira Sand’s Parley is too old for this.');
    const row = [...document.querySelectorAll('button')].find(one => one.textContent.includes('Record this call'))!;
    expect(row.disabled).toBeTrue();
  });

  it('RC7 closes its channel at what is no message of it, and the call goes on', async () => {
    await begins();
    says({ type: 'record me' });
    await until('it is closed', () => closed);
    expect(phaseOf(talk.call.state())).toBe('connected');
    expect(recording().canAsk()).toBeFalse();
  });
});

describe('A recording of an earlier page', () => {
  it('is offered by the next one, and the person may decide later', async () => {
    const recordingBefore = KeptRecording.begin({ name: 'Noor', at: Date.now(), type: 'video/webm' });
    await recordingBefore.add(new Blob(['as far as it came']));
    localStorage.setItem('parley.recording', 'kept');
    const talk = await OverlayCall.open();
    try {
      await until('it is offered', () => has('parley-recordings-sheet dialog[open]'));
      expect(shown('parley-recordings-sheet').textContent).toContain('Call with Noor');
      expect(shown('parley-recordings-sheet').textContent).toContain('cut off');
      document.querySelector<HTMLDialogElement>('parley-recordings-sheet dialog')!.close();
      await until('it is put aside', () => !has('parley-recordings-sheet'));
      expect((await KeptRecording.left()).length).toBe(1);
    } finally {
      talk.close();
      localStorage.removeItem('parley.recording');
      await recordingBefore.discard();
    }
  });
});
