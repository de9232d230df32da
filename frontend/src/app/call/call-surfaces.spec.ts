import { deviceAcross } from '#protocol/call-client-state';
import { TestBed } from '@angular/core/testing';
import { CallLog } from '../call-log/call-log';
import { CallMedia } from './call-media';
import { listen } from './testing/audio-graph';
import { shown } from './testing/overlay';
import { button, has, OverlayCall } from './testing/overlay-call';
import { until } from './testing/until';

/** How long the patterns were that the device was told to vibrate in; the one that ends it has one part. */
const lengths = (vibrate: jasmine.Spy): number[] =>
  vibrate.calls.allArgs().map(([pattern]: unknown[]) => [pattern].flat().length);

describe('what is heard and felt while it rings', () => {
  let talk: OverlayCall;
  beforeEach(async () => {
    localStorage.removeItem('parley.call');
    talk = await OverlayCall.open();
  });
  afterEach(() => {
    talk.close();
    localStorage.removeItem('parley.call');
  });

  it('begins with the ring and ends with it: the ringtone at the audio graph, and the vibration', async () => {
    spyOnProperty(navigator, 'userActivation').and.returnValue({ hasBeenActive: true, isActive: true });
    const vibrate = spyOn(navigator, 'vibrate').and.returnValue(true);
    const graph = listen();
    await talk.ring();
    await until('it is heard', () => graph.peak() > 0.05);
    expect(lengths(vibrate)).toEqual([80]);
    talk.mira.call.leave();
    await until('it is silent', () => graph.contexts.every(({ state }) => state === 'closed'));
    expect(lengths(vibrate)).toEqual([80, 1]);
  });

  it('does not vibrate where that was switched off', async () => {
    spyOnProperty(navigator, 'userActivation').and.returnValue({ hasBeenActive: true, isActive: true });
    const vibrate = spyOn(navigator, 'vibrate').and.returnValue(true);
    const { CallSettings } = await import('./call-settings');
    TestBed.inject(CallSettings).change({ vibrates: false });
    await talk.ring();
    talk.mira.call.leave();
    await until('it is over', () => !has('dialog[open]'));
    expect(lengths(vibrate)).toEqual([1]);
  });
});

describe('a ring that is not to disturb', () => {
  let talk: OverlayCall;
  beforeEach(async () => {
    talk = await OverlayCall.open();
  });
  afterEach(() => {
    talk.close();
    localStorage.removeItem('parley.quiet');
  });

  it('is seen, and neither heard nor felt', async () => {
    localStorage.setItem('parley.quiet', JSON.stringify({ now: 'until-off', hours: null }));
    const graph = listen();
    const vibrate = spyOn(navigator, 'vibrate').and.returnValue(true);
    await talk.ring();
    await until('it is said', () => shown('parley-incoming-call').textContent.includes('Do not disturb is on'));
    expect([graph.contexts.length, vibrate.calls.count()]).toEqual([0, 0]);
    await until('the caller reads that it rings', () => {
      const state = talk.mira.call.state();
      return state.state === 'outgoing' && state.devices === 1;
    });
  });

  it('is heard where a call of its caller was missed within three minutes', async () => {
    localStorage.setItem('parley.quiet', JSON.stringify({ now: 'until-off', hours: null }));
    const asked = spyOn(TestBed.inject(CallLog), 'hasMissed').and.returnValue(true);
    const graph = listen();
    await talk.ring();
    await until('it is heard', () => graph.peak() > 0.05);
    expect(asked).toHaveBeenCalledWith(talk.mira.seat.userId, 180_000);
  });

  it('is heard where its caller is a close person', async () => {
    const people = [{ id: talk.mira.seat.userId }];
    localStorage.setItem('parley.quiet', JSON.stringify({ now: 'until-off', hours: null, people }));
    const graph = listen();
    await talk.ring();
    await until('it is heard', () => graph.peak() > 0.05);
    expect(shown('parley-incoming-call').textContent).not.toContain('Do not disturb');
  });

  it('is heard once the time is over', async () => {
    localStorage.setItem('parley.quiet', JSON.stringify({ now: Date.now() - 1, hours: null }));
    const graph = listen();
    await talk.ring();
    await until('it is heard', () => graph.peak() > 0.05);
    expect(shown('parley-incoming-call').textContent).not.toContain('Do not disturb');
    talk.mira.call.leave();
    await until('it is silent', () => graph.contexts.every(({ state }) => state === 'closed'));
  });
});

describe('the surfaces of a call', () => {
  let talk: OverlayCall;
  const local = () => TestBed.inject(CallMedia).local();
  const reads = (words: string) => shown('parley-voice dialog').textContent.includes(words);

  beforeEach(async () => {
    talk = await OverlayCall.open();
  });
  afterEach(() => talk.close());

  it('list a device that is plugged in during the call', async () => {
    await talk.talk();
    button('More').click();
    await until('the cameras', () => document.querySelector('#pick-camera')?.textContent.includes('fake') === true);
    const before = await navigator.mediaDevices.enumerateDevices();
    const headset = {
      deviceId: 'headset',
      groupId: '',
      kind: 'audioinput',
      label: 'Headset',
      toJSON: () => ({}),
    } as const;
    spyOn(navigator.mediaDevices, 'enumerateDevices').and.resolveTo([...before, headset]);
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    await until('the headset', () => shown('#pick-microphone').textContent.includes('Headset'));
  });

  it('say that the microphone in use was unplugged, and take another as soon as there is one', async () => {
    await talk.talk();
    await until('the microphone is on', () => local().microphone.is === 'on');
    const { microphone } = local();
    const ask = spyOn(navigator.mediaDevices, 'getUserMedia').and.rejectWith(new DOMException('', 'NotFoundError'));
    if (microphone.is === 'on') microphone.track.onended?.(new Event('ended'));
    await until('it is said', () => has('.problem') && /unplugged|No microphone/.test(shown('.problem').textContent));
    ask.and.callThrough();
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
    await until('another is on', () => local().microphone.is === 'on');
    await until('the problem is gone', () => !has('.problem'));
  });

  it('say “Reconnecting…” while the link is down, and no longer', async () => {
    await talk.talk();
    const state = talk.call.state();
    const callId = state.state === 'idle' ? undefined : state.callId;
    const deviceId = deviceAcross(state);
    if (callId === undefined || deviceId === undefined) return fail('there is no call');
    talk.call.dispatch({ type: 'link-down', callId, deviceId, link: 1 });
    await until('it is said', () => reads('Reconnecting…'));
    talk.call.dispatch({ type: 'link-up', callId, deviceId, link: 1 });
    await until('it is gone', () => !reads('Reconnecting…'));
  });

  it('fill the screen with the stage, not with its dialog', async () => {
    await talk.talk();
    const filled: Element[] = [];
    spyOn(Element.prototype, 'requestFullscreen').and.callFake(function (this: Element) {
      filled.push(this);
      return Promise.resolve();
    });
    await talk.more('Full screen');
    await until('asked', () => filled.length === 1);
    expect(filled[0]?.matches('parley-voice .call')).toBeTrue();
  });

  it('offer a touch where the browser refuses to play the other person, and it is enough', async () => {
    const real = HTMLMediaElement.prototype.play;
    let refuses = true;
    spyOn(HTMLMediaElement.prototype, 'play').and.callFake(function (this: HTMLMediaElement) {
      return refuses && this instanceof HTMLAudioElement
        ? Promise.reject(new DOMException('', 'NotAllowedError'))
        : real.call(this);
    });
    await talk.talk();
    const offer = () => [...document.querySelectorAll<HTMLElement>('button.notice')];
    await until('the offer', () => offer().some(one => one.textContent.includes('Tap to hear Mira Sand')));
    refuses = false;
    offer()[0]?.click();
    await until('it is gone', () => offer().length === 0);
  });
});
