import { Location } from '@angular/common';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { phaseOf } from '#protocol/call-client-state';
import { Toast } from '../look/toast';
import { CallSeal } from '../crypto/call-seal';
import { Call } from './call';
import { CallLink } from './call-link';
import { CallMedia } from './call-media';
import { CallView, DIRECT_CHAT } from './call-view';
import { PageTitle } from '../look/page-title';
import { type DrawnOverlay, drawOverlay, shown } from './testing/overlay';
import { type MarkedSeal } from './testing/marked-seal';
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
  const escape = () => {
    const on = document.activeElement ?? document.body;
    on.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
  };
  const talk = async () => {
    await ring();
    button('Accept').click();
    await until('connected', () => phaseOf(call.state()) === 'connected' && phaseOf(mira.call.state()) === 'connected');
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
    await until('connected', () => phaseOf(call.state()) === 'connected');
    await until('the microphone is on', () => TestBed.inject(CallMedia).local().microphone.is === 'on');
    expect(TestBed.inject(CallMedia).local().camera.is).toBe('off');
  });

  it('declines and opens the conversation when one replies with a message', async () => {
    await ring();
    shown('parley-incoming-call .pill').click();
    await until('the conversation is open', () => TestBed.inject(Location).path().startsWith('/chats/'));
    expect(call.state().state).toBe('idle');
  });

  it('falls silent and says that it connects, once it was answered on a device that loads its keys', async () => {
    const seal = TestBed.inject(CallSeal) as unknown as MarkedSeal;
    const keys = Promise.withResolvers<void>();
    await ring();
    const title = TestBed.inject(PageTitle);
    await until('it flashes', () => title.flash() !== '');
    seal.slow = () => keys.promise;
    button('Accept').click();
    button('Accept').click();
    await until('it connects', () => shown('#ringing-kind').textContent === 'Connecting…');
    expect(button('Accept').getAttribute('aria-disabled')).toBe('true');
    expect(title.flash()).toBe('');
    keys.resolve();
    await until('connected', () => phaseOf(call.state()) === 'connected');
    expect(page.me.signaling.sent.filter(({ type }) => type === 'call.accept').length).toBe(1);
  });

  it('CA36d: says on the ring why it cannot be answered here, and instead of a call why none is placed', async () => {
    const seal = TestBed.inject(CallSeal) as unknown as MarkedSeal;
    seal.refuses = 'identity-changed';
    mira.call.place(page.me.seat.userId, 'audio');
    await until('it rings', () => has('parley-incoming-call dialog[open]'));
    button('Accept').click();
    const why = () => document.querySelector('parley-incoming-call [role="alert"]')?.textContent ?? '';
    await until('why not', () => why().includes('Somebody else may be in the place of Mira'));
    expect(call.state().state).toBe('incoming');
    mira.call.leave();
    await until('it is over', () => call.state().state === 'idle');
    seal.refuses = 'no-keys';
    call.place(mira.seat.userId, 'audio');
    await until('the end', () => has('parley-call-ended dialog[open]'));
    expect(shown('#ended-title').textContent).toBe('The call cannot be encrypted');
    expect(shown('#ended-sentence').textContent).toContain('There are no keys of Mira Sand’s device yet');
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
    await until('muted', () => has('.muted.peer'));
  });

  it('goes small on Escape and large again, and the call goes on', async () => {
    await talk();
    escape();
    await until('the small view', () => has('parley-small-call'));
    expect(phaseOf(call.state())).toBe('connected');
    TestBed.inject(CallMedia).toggleMute();
    await until('it says so', () => shown('parley-small-call').textContent.includes('You are muted'));
    shown('parley-small-call .open').click();
    await until('the stage', () => has('parley-voice dialog[open]'));
  });

  describe('at Back', () => {
    let location: Location;

    beforeEach(async () => {
      location = TestBed.inject(Location);
      TestBed.inject(Router).initialNavigation();
      await TestBed.inject(Router).navigateByUrl('/calls');
      await TestBed.inject(Router).navigateByUrl('/chats/mira');
    });

    it('makes the call small first and leaves the page beneath where it is', async () => {
      await talk();
      location.back();
      await until('the small view', () => has('parley-small-call'));
      expect([location.path(), phaseOf(call.state())]).toEqual(['/chats/mira', 'connected']);
      location.back();
      await until('the page before', () => location.path() === '/calls');
      expect(phaseOf(call.state())).toBe('connected');
    });

    it('closes what is open over the stage first: the sheet, then the conversation', async () => {
      await talk();
      TestBed.inject(CallView).toggleChat();
      await until('the conversation', () => has('parley-voice aside textarea'));
      button('More').click();
      await until('the sheet', () => has('parley-more-sheet dialog[open]'));
      location.back();
      await until('no sheet', () => !has('parley-more-sheet'));
      expect(has('parley-voice aside')).toBeTrue();
      location.back();
      await until('no conversation', () => !has('parley-voice aside'));
      expect(has('parley-voice dialog[open]')).toBeTrue();
      location.back();
      await until('the small view', () => has('parley-small-call'));
      expect(location.path()).toBe('/chats/mira');
    });

    it('puts a ring aside, where it goes on and can be answered', async () => {
      await ring();
      location.back();
      await until('the small ring', () => has('parley-small-ring'));
      expect([location.path(), call.state().state]).toEqual(['/chats/mira', 'incoming']);
      button('Accept').click();
      await until('the stage', () => has('parley-voice dialog[open]'));
    });

    it('closes the end of a call', async () => {
      call.place(mira.seat.userId, 'audio');
      await until('it rings there', () => mira.call.state().state === 'incoming');
      mira.call.leave();
      await until('the end', () => has('parley-call-ended dialog[open]'));
      location.back();
      await until('nothing is drawn', () => !has('dialog[open]'));
      expect(location.path()).toBe('/chats/mira');
    });
  });

  it('makes the call small where a page is opened beneath the stage, as by a tap on a notification', async () => {
    await talk();
    await TestBed.inject(Router).navigateByUrl('/calls');
    await until('the small view', () => has('parley-small-call'));
  });

  it('closes the conversation beside the stage at Escape, before the call is made small', async () => {
    await talk();
    TestBed.inject(CallView).toggleChat();
    await until('the conversation', () => has('parley-voice aside textarea'));
    expect(shown('parley-voice aside h2').textContent).toBe('Chat with Mira Sand');
    shown('parley-voice aside textarea').focus();
    escape();
    await until('no conversation', () => !has('parley-voice aside'));
    expect(has('parley-voice dialog[open]')).toBeTrue();
    TestBed.inject(CallView).toggleChat();
    await until('the conversation', () => has('parley-voice aside textarea'));
    button('Close chat').click();
    await until('no conversation again', () => !has('parley-voice aside'));
  });

  it('mutes in the small view, and says on the stage that one is muted', async () => {
    await talk();
    expect(has('.muted.own')).toBeFalse();
    escape();
    await until('the small view', () => has('parley-small-call'));
    button('Mute').click();
    await until('pressed', () => button('Mute').getAttribute('aria-pressed') === 'true');
    shown('parley-small-call .open').click();
    await until('the stage', () => has('.muted.own'));
    expect(shown('.muted.own').textContent).toContain('You are muted');
  });

  it('has one kind of button for what is turned off: its name stays, and it is pressed', async () => {
    await talk();
    const pressed = () => ['Mute', 'Camera off'].map(name => button(name).getAttribute('aria-pressed'));
    await until('all on', () => pressed().join() === 'false,false');
    button('Mute').click();
    button('Camera off').click();
    await until('all off', () => pressed().join() === 'true,true');
    expect(button('Camera off').getAttribute('aria-keyshortcuts')).toBe('V');
    expect(button('Mute').title).toBe('Mute (M)');
  });

  it('shows the end of a conversation for 3 s at both ends and closes it by itself', async () => {
    await talk();
    const opener = document.createElement('h1');
    opener.tabIndex = -1;
    document.body.append(opener);
    button('Hang up').click();
    await until('the end here', () => has('parley-call-ended dialog[open]'));
    const began = performance.now();
    const there = mira.call.state();
    expect(there.state === 'idle' && there.last?.reason).toBe('hung-up');
    await until('it is closed', () => !has('dialog[open]'));
    expect(performance.now() - began).toBeGreaterThan(2_500);
    await until('the focus is on the page', () => document.activeElement === opener);
    opener.remove();
  });

  it('says in one sentence that a call is over which was small', async () => {
    await talk();
    escape();
    await until('the small view', () => has('parley-small-call'));
    mira.call.leave();
    const said = TestBed.inject(Toast).sentence;
    await until('the sentence', () => said().startsWith('The call with Mira Sand lasted'));
    expect(has('dialog[open]')).toBeFalse();
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

  describe('a second ring', () => {
    let cleo: CallPage;
    const named = (words: string) => {
      const found = [...document.querySelectorAll('button')].find(one => one.textContent.trim() === words);
      if (found === undefined) throw new Error(`no button: ${words}`);
      return found;
    };
    beforeEach(async () => {
      cleo = page.board.open(page.parent, 3);
      await talk();
      cleo.call.place(page.me.seat.userId, 'audio');
      await until('the question', () => has('parley-waiting-ring dialog[open]'));
    });
    afterEach(() => call.dispatch({ type: 'end-held' }));

    it('asks with the names and tells the caller that it rings; declined, the call goes on', async () => {
      expect(shown('#waiting-name').textContent).toBe('Mira Sand is calling');
      expect(shown('parley-waiting-ring dialog')).toBe(document.activeElement as HTMLElement);
      await until('cleo reads that it rings', () => {
        const state = cleo.call.state();
        return state.state === 'outgoing' && state.devices === 1;
      });
      named('Decline').click();
      await until('the question is gone', () => !has('parley-waiting-ring'));
      await until('cleo reads it', () => cleo.call.state().state === 'idle');
      expect(phaseOf(call.state())).toBe('connected');
    });

    it('is declined with a word, which is written to who rings', async () => {
      named('Tonight').click();
      expect(page.written).toEqual(['I cannot talk right now. I will call you back tonight.']);
      await until('cleo reads it', () => cleo.call.state().state === 'idle');
      await until('the question is gone', () => !has('parley-waiting-ring'));
      expect(phaseOf(call.state())).toBe('connected');
    });

    it('is put aside by Escape and asked again; ending the call answers it', async () => {
      shown('parley-waiting-ring dialog').dispatchEvent(new Event('close'));
      await until('a notice in its place', () => !has('parley-waiting-ring') && has('button.notice'));
      named('Mira Sand is calling').click();
      await until('the question', () => has('parley-waiting-ring dialog[open]'));
      named('End with Mira Sand, answer Mira Sand').click();
      await until('another call', () => mira.call.state().state === 'idle' && phaseOf(call.state()) === 'connected');
      expect(has('parley-held-strip')).toBeFalse();
    });

    it('holds the call: a strip changes places, and a held one that is left alone is offered', async () => {
      named('Hold Mira Sand, answer Mira Sand').click();
      await until('the strip', () => has('parley-held-strip') && phaseOf(cleo.call.state()) === 'connected');
      expect(shown('parley-held-strip').getAttribute('aria-label')).toBe('Mira Sand is on hold');
      named('Swap').click();
      await until('cleo is on hold', () => cleo.link.peer()?.held === true);
      mira.call.leave();
      await until('the held call is offered', () => has('parley-held-call dialog[open]'));
      named('Resume call with Mira Sand').click();
      await until('it goes on', () => has('parley-voice dialog[open]') && cleo.link.peer()?.held !== true);
      cleo.call.leave();
      await until('the end', () => has('parley-call-ended dialog[open]'));
    });
  });

  it('lists the devices in a sheet', async () => {
    await talk();
    button('More').click();
    await until('the sheet', () => has('parley-more-sheet dialog[open]'));
    await until('the cameras', () => shown('#pick-camera').textContent.includes('fake'));
  });
});

describe('Messages from device to device', () => {
  it('are asked for with the link of the call, and again in the next call where they could not be loaded', async () => {
    const asked: unknown[] = [];
    const fails = (link: unknown) => {
      asked.push(link);
      return Promise.reject(new Error('not loaded'));
    };
    const page = await drawOverlay(1, [{ provide: DIRECT_CHAT, useValue: fails }]);
    const mira = page.board.open(page.parent, 2);
    const call = TestBed.inject(Call);
    for (const times of [1, 2]) {
      mira.call.place(page.me.seat.userId, 'audio');
      await until(`they are asked for, ${times}`, () => asked.length === times);
      call.leave();
      await until('both are idle', () => [call, mira.call].every(one => one.state().state === 'idle'));
    }
    const link = TestBed.inject(CallLink);
    expect(asked).toEqual([link, link]);
    page.board.close();
    page.fixture.destroy();
  });
});
