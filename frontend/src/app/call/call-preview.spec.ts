import { TestBed } from '@angular/core/testing';
import { phaseOf } from '#protocol/call-client-state';
import { CallMedia } from './call-media';
import { PlaceCall } from './place-call';
import { shown } from './testing/overlay';
import { button, has, OverlayCall, pressable } from './testing/overlay-call';
import { until } from './testing/until';

describe('the ready check', () => {
  let talk: OverlayCall;
  beforeEach(async () => {
    localStorage.removeItem('parley.ready');
    localStorage.removeItem('parley.call');
    talk = await OverlayCall.open();
  });
  afterEach(() => {
    talk.close();
    localStorage.removeItem('parley.ready');
  });

  const open = async () => {
    TestBed.inject(PlaceCall).place(talk.mira.seat.userId, 'video');
    await until('the check', () => has('parley-call-preview dialog[open]'));
    await until('the own picture', () => has('parley-call-preview video'));
  };

  it('comes before the first video call, shows picture, loudness and devices, and sends nothing', async () => {
    const asked = spyOn(talk.page.me.signaling, 'send').and.callThrough();
    await open();
    expect(shown('#preview-title').textContent.trim()).toBe('Call Mira Sand');
    expect(shown('#preview-sent').textContent).toBe('Nothing is sent yet.');
    await until('the loudness moves', () => Number(shown('[role=meter]').getAttribute('aria-valuenow')) > 0);
    await until('the cameras', () => shown('#preview-camera').textContent.includes('fake'));
    expect(asked).not.toHaveBeenCalled();
    expect(talk.mira.call.state().state).toBe('idle');
    button('Close').click();
    await until('it is closed', () => !has('parley-call-preview'));
    expect(talk.call.state().state).toBe('idle');
  });

  it('goes on to a video call, and stands in the way of no later one', async () => {
    await open();
    pressable('Video call').click();
    await until('it rings at Mira’s', () => talk.mira.call.state().state === 'incoming');
    expect(has('parley-call-preview')).toBeFalse();
    await until('the camera is on', () => TestBed.inject(CallMedia).local().camera.is === 'on');
    talk.call.leave();
    await until('it is over', () => talk.mira.call.state().state === 'idle');
    TestBed.inject(PlaceCall).place(talk.mira.seat.userId, 'video');
    expect(talk.call.state().state).toBe('outgoing');
  });

  it('goes on with sound alone, and never comes before a call without a picture', async () => {
    TestBed.inject(PlaceCall).place(talk.mira.seat.userId, 'audio');
    expect(talk.call.state().state).toBe('outgoing');
    talk.call.leave();
    await open();
    pressable('Audio only').click();
    await until('it rings at Mira’s', () => talk.mira.call.state().state === 'incoming');
    expect(TestBed.inject(CallMedia).local().camera.is).toBe('off');
  });

  it('begins the call as it was left: muted, with the camera off', async () => {
    await open();
    button('Mute').click();
    button('Camera off').click();
    await until('no picture', () => !has('parley-call-preview video'));
    pressable('Video call').click();
    const local = TestBed.inject(CallMedia).local;
    await until('the microphone is captured', () => local().microphone.is === 'on');
    expect([local().muted, local().camera.is]).toEqual([true, 'off']);
  });

  it('can be looked at before accepting, while it goes on ringing', async () => {
    await talk.ring();
    pressable('Preview').click();
    await until('the own picture', () => has('parley-call-preview video'));
    expect([talk.call.state().state, talk.mira.call.state().state]).toEqual(['incoming', 'outgoing']);
    shown('parley-call-preview .go').click();
    await talk.isConnected();
    expect(has('parley-call-preview')).toBeFalse();
    await until('Mira’s picture', () => !shown('video.remote').classList.contains('hidden'));
  });

  it('goes with the ring it was shown before', async () => {
    await talk.ring();
    pressable('Preview').click();
    await until('the check', () => has('parley-call-preview dialog[open]'));
    talk.mira.call.leave();
    await until('nothing is drawn', () => !has('dialog[open]'));
  });

  it('says in words that a device was refused or is not there, and lets one call all the same', async () => {
    const refuse = (name: string) => Promise.reject(new DOMException('', name));
    spyOn(navigator.mediaDevices, 'getUserMedia').and.callFake(({ video } = {}) =>
      refuse(video ? 'NotFoundError' : 'NotAllowedError'),
    );
    TestBed.inject(PlaceCall).place(talk.mira.seat.userId, 'video');
    await until('both problems', () => document.querySelectorAll('.problems p').length >= 2);
    const said = shown('.problems').textContent;
    expect(said).toContain('Parley may not use your microphone.');
    expect(said).toContain('No camera was found.');
    expect(shown('.heard').textContent).toContain('You will not be heard.');
    pressable('Video call').click();
    await until('it rings at Mira’s', () => phaseOf(talk.mira.call.state()) === 'incoming');
  });
});
