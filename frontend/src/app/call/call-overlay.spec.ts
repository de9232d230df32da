import { Location } from '@angular/common';
import { TestBed } from '@angular/core/testing';
import { Call } from './call';
import { CallMedia } from './call-media';
import { PageTitle } from '../look/page-title';
import { type DrawnOverlay, drawOverlay, shown } from './testing/overlay';
import { type CallPage } from './testing/switchboard';
import { until } from './testing/until';

const has = (selector: string) => document.querySelector(selector) !== null;
const button = (name: string) => shown(`button[aria-label="${name}"]`);

describe('CallOverlay', () => {
  let page: DrawnOverlay;
  let mira: CallPage;
  let call: Call;

  beforeEach(async () => {
    page = await drawOverlay();
    mira = page.board.open(page.parent, 2);
    call = TestBed.inject(Call);
  });
  afterEach(() => {
    call.leave();
    page.board.close();
    page.fixture.destroy();
  });

  const ring = async (media: 'audio' | 'video' = 'video') => {
    mira.call.place(page.me.seat.userId, media);
    await until('the ring is drawn', () => has('parley-incoming-call dialog[open]'));
  };
  const talk = async () => {
    await ring();
    button('Accept').click();
    await until('connected', () => call.state().state === 'connected' && mira.call.state().state === 'connected');
    await until('the stage is drawn', () => has('parley-voice dialog[open]'));
  };

  it('draws nothing without a call', () => {
    expect(has('dialog[open]')).toBeFalse();
  });

  it('shows who rings and tells the caller so; declining ends it at both', async () => {
    await ring();
    expect(shown('parley-incoming-call h1').textContent).toBe('Mira Sand');
    await until('mira reads that it rings', () => {
      const state = mira.call.state();
      return state.state === 'outgoing' && state.devices === 1;
    });
    expect(shown('parley-incoming-call dialog').contains(document.activeElement)).toBeTrue();
    expect(document.activeElement?.tagName).not.toBe('BUTTON');
    button('Decline').click();
    await until('nothing is drawn', () => !has('dialog[open]'));
    await until('mira reads why', () => {
      const state = mira.call.state();
      return state.state === 'idle' && state.last?.reason === 'declined';
    });
  });

  it('flashes the title while it rings, and gives it back', async () => {
    await ring();
    const title = TestBed.inject(PageTitle);
    await until('the title says who', () => title.text() === 'Mira Sand is calling');
    call.leave();
    await until('the title is back', () => title.text() === 'Parley');
  });

  it('offers no answer without a picture to a call that has none', async () => {
    await ring('audio');
    expect(has('button[aria-label="Audio only"]')).toBeFalse();
  });

  it('accepts a video call with sound alone', async () => {
    await ring();
    button('Audio only').click();
    await until('connected', () => call.state().state === 'connected');
    await until('the microphone is on', () => TestBed.inject(CallMedia).local().microphone.is === 'on');
    expect(TestBed.inject(CallMedia).local().camera.is).toBe('off');
  });

  it('declines and opens the conversation when one replies with a message', async () => {
    await ring();
    shown('parley-incoming-call .pill').click();
    await until('the conversation is open', () => TestBed.inject(Location).path().startsWith('/chats/'));
    expect(call.state().state).toBe('idle');
  });

  it('says how an outgoing call stands, honestly', async () => {
    call.place(mira.seat.userId, 'audio');
    await until(
      'calling',
      () => document.querySelector('parley-voice dialog')?.textContent.includes('Calling…') === true,
    );
    mira.call.dispatch({ type: 'ring-shown' });
    await until('ringing', () => shown('parley-voice dialog').textContent.includes('Ringing on 1 device…'));
    page.me.signaling.live.set({ is: 'connecting' });
    await until('that nobody knows', () => shown('parley-voice .notices').textContent.includes('No connection to the'));
    expect(call.state().state).toBe('outgoing');
  });

  it('mutes by a button and by a key', async () => {
    await talk();
    const muted = () => TestBed.inject(CallMedia).local().muted;
    button('Mute').click();
    expect(muted()).toBeTrue();
    shown('parley-voice dialog').dispatchEvent(new KeyboardEvent('keydown', { key: 'm', bubbles: true }));
    expect(muted()).toBeFalse();
  });

  it('shows the avatar when the peer’s camera is off, and says that the peer is muted', async () => {
    await talk();
    await until('the picture', () => !shown('video.remote').classList.contains('hidden'));
    await mira.media.toggleCamera();
    mira.media.toggleMute();
    await until('the avatar', () => has('.waiting parley-avatar'));
    await until('muted', () => has('.muted-peer'));
  });

  it('goes small on Escape and large again, and the call goes on', async () => {
    await talk();
    shown('parley-voice dialog').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', cancelable: true }));
    await until('the small view', () => has('parley-small-call'));
    expect(call.state().state).toBe('connected');
    TestBed.inject(CallMedia).toggleMute();
    await until('it says so', () => shown('parley-small-call').textContent.includes('You are muted'));
    button('Move the call to another corner').click();
    await until('it makes way', () => shown('parley-small-call').classList.contains('low'));
    shown('parley-small-call .open').click();
    await until('the stage', () => has('parley-voice dialog[open]'));
  });

  it('says that a call is over and why, and calls again', async () => {
    await talk();
    mira.call.leave();
    await until('the end', () => has('parley-call-ended dialog[open]'));
    expect(shown('#ended-title').textContent).toBe('Call ended');
    button('Call again').click();
    await until('it rings again', () => mira.call.state().state === 'incoming');
    button('Cancel call').click();
    await until('nothing is drawn', () => !has('dialog[open]'));
  });

  it('says why a microphone is missing and how to mend it; whoever wants to speak asks for it again', async () => {
    const ask = spyOn(navigator.mediaDevices, 'getUserMedia').and.rejectWith(new DOMException('', 'NotAllowedError'));
    call.place(mira.seat.userId, 'audio');
    await until('the problem', () => has('.problem') && shown('.problem').textContent.includes('may not'));
    expect(shown('.problem').textContent).toContain('Parley may not use your microphone. Mira Sand cannot hear you.');
    ask.and.callThrough();
    button('Mute').click();
    await until('the microphone is on', () => TestBed.inject(CallMedia).local().microphone.is === 'on');
    expect(TestBed.inject(CallMedia).local().muted).toBeFalse();
  });

  it('lists the devices in a sheet', async () => {
    await talk();
    button('More').click();
    await until('the sheet', () => has('parley-more-sheet dialog[open]'));
    await until('the cameras', () => shown('#pick-camera').textContent.includes('fake'));
  });
});
