import { TestBed } from '@angular/core/testing';
import { CallMedia } from './call-media';
import { CallSettings } from './call-settings';
import { shown } from './testing/overlay';
import { button, has, OverlayCall, pressable } from './testing/overlay-call';
import { until } from './testing/until';

describe('sound and picture of a call', () => {
  let talk: OverlayCall;
  const forget = () => localStorage.removeItem('parley.call');
  beforeEach(async () => {
    forget();
    talk = await OverlayCall.open();
  });
  afterEach(() => {
    talk.close();
    forget();
  });

  const open = async () => {
    await talk.talk();
    await talk.more('Sound and picture');
    await until('the sheet', () => has('parley-sound-sheet dialog[open]'));
  };
  const sounds = () => shown('parley-call-overlay > audio, audio') as HTMLAudioElement;
  const key = (type: 'keydown' | 'keyup', on: EventTarget = document.activeElement ?? document.body) => {
    const event = new KeyboardEvent(type, { key: ' ', bubbles: true, cancelable: true });
    on.dispatchEvent(event);
    return event.defaultPrevented;
  };
  const muted = () => TestBed.inject(CallMedia).local().muted;

  it('plays the other person as loud as one wants, or not at all, for this call alone', async () => {
    await open();
    const range = shown('#peer-volume') as HTMLInputElement;
    range.value = '40';
    range.dispatchEvent(new Event('input'));
    await until('it is quieter', () => Math.abs(sounds().volume - 0.4) < 0.01);
    button('Mute Mira Sand for me').click();
    await until('it is silent', () => sounds().muted);
    button('Close').click();
    await until('it is said on the stage', () => has('button.notice'));
    shown('button.notice').click();
    await until('it is heard again', () => !sounds().muted);
    talk.call.leave();
    await until('the next call begins loud', () => sounds().volume === 1);
  });

  it('hides one’s own picture, which goes on being sent', async () => {
    await open();
    pressable('Hide my own picture from me').click();
    await until('no own picture', () => !has('parley-self-view'));
    expect(TestBed.inject(CallMedia).local().camera.is).toBe('on');
    pressable('Hide my own picture from me').click();
    await until('the own picture', () => has('parley-self-view'));
  });

  it('captures the microphone once more, with what was switched off, and keeps that on this device', async () => {
    await open();
    const ask = spyOn(navigator.mediaDevices, 'getUserMedia').and.callThrough();
    pressable('Echo cancellation').click();
    await until('the microphone was asked for', () => ask.calls.any());
    const asked = ask.calls.mostRecent().args[0]?.audio as MediaTrackConstraints;
    expect([asked.echoCancellation, asked.noiseSuppression]).toEqual([{ ideal: false }, { ideal: true }]);
    await until('it is on', () => TestBed.inject(CallMedia).local().microphone.is === 'on');
    expect(localStorage.getItem('parley.call')).toContain('"echoCancellation":false');
  });

  it('sends less where data is to be saved, and more where the picture is to be good', async () => {
    await open();
    const rate = async (value: string) => {
      const select = shown('#pictures') as HTMLSelectElement;
      select.value = value;
      select.dispatchEvent(new Event('change'));
      const rates = { save: 250_000, high: 5_000_000, auto: 2_500_000 };
      const [page] = [talk.page.parent];
      const { CallLink } = await import('./call-link');
      const sender = () => page.get(CallLink).link()?.sender('video');
      const wanted = rates[value as keyof typeof rates];
      await until(value, () => sender()?.getParameters().encodings[0]?.maxBitrate === wanted);
    };
    for (const value of ['save', 'high', 'auto']) await rate(value);
  });

  describe('push to talk', () => {
    const on = async () => {
      await talk.talk();
      TestBed.inject(CallSettings).change({ pushToTalk: true });
      await until('muted', muted);
    };

    it('is off at first: the space bar does nothing', async () => {
      await talk.talk();
      expect(key('keydown', shown('parley-voice dialog'))).toBeFalse();
      expect(muted()).toBeFalse();
    });

    it('lets one be heard while the space bar is held, and until the page is left', async () => {
      await on();
      await until('it says what to do', () => shown('.muted.own').textContent.includes('Hold the space bar to talk'));
      const stage = shown('parley-voice dialog');
      expect(key('keydown', stage)).toBeTrue();
      expect(muted()).toBeFalse();
      key('keyup', stage);
      expect(muted()).toBeTrue();
      key('keydown', stage);
      window.dispatchEvent(new Event('blur'));
      expect(muted()).toBeTrue();
    });

    it('leaves the space bar to a text field', async () => {
      await on();
      const { CallView } = await import('./call-view');
      TestBed.inject(CallView).toggleChat();
      await until('the conversation', () => has('parley-voice aside textarea'));
      shown('parley-voice aside textarea').focus();
      expect(key('keydown')).toBeFalse();
      expect(muted()).toBeTrue();
    });
  });
});
