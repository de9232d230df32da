import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Account } from '../account/account';
import { Signaling } from '../signaling/signaling';
import { Call } from './call';
import { LeftCall } from './left-call';
import { provideMarkedSeal } from './testing/marked-seal';
import { Switchboard } from './testing/switchboard';

describe('LeftCall', () => {
  const board = new Switchboard();
  const [noor, jonas] = [board.wire(1).seat.userId, board.wire(2).seat.userId];

  afterEach(() => sessionStorage.removeItem('parley.leftCall'));

  /** A page of somebody; the one before is gone. */
  const open = (id = noor): Call => {
    TestBed.resetTestingModule();
    const line = board.wire(1);
    TestBed.configureTestingModule({
      providers: [
        { provide: Signaling, useValue: line.signaling },
        ...provideMarkedSeal(line.seat),
        { provide: Account, useValue: { me: signal({ id, username: 'noor', displayName: 'Noor' }) } },
      ],
    });
    TestBed.inject(LeftCall);
    return TestBed.inject(Call);
  };
  const lastOf = (call: Call) => {
    const state = call.state();
    return state.state === 'idle' ? state.last : undefined;
  };
  const hide = () => window.dispatchEvent(new Event('pagehide'));

  it('says after a reload that it ended the call, once', () => {
    open().place(jonas, 'video');
    hide();
    expect(lastOf(open())).toEqual(jasmine.objectContaining({ reason: 'left', peerId: jonas, media: 'video' }));
    expect(lastOf(open())).toBeNull();
  });

  it('says nothing after a reload without a call', () => {
    open();
    hide();
    expect(lastOf(open())).toBeNull();
  });

  it('says nothing to another person', () => {
    open().place(jonas, 'audio');
    hide();
    expect(lastOf(open(jonas))).toBeNull();
  });

  it('says nothing in a page that begins much later', () => {
    open().place(jonas, 'audio');
    hide();
    jasmine.clock().withMock(() => {
      jasmine.clock().mockDate(new Date(Date.now() + 61_000));
      expect(lastOf(open())).toBeNull();
    });
  });

  it('survives a browser that refuses the storage', () => {
    const call = open();
    call.place(jonas, 'audio');
    spyOn(Storage.prototype, 'setItem').and.throwError('refused');
    spyOn(Storage.prototype, 'getItem').and.throwError('refused');
    expect(hide).not.toThrow();
    expect(lastOf(open())).toBeNull();
  });
});
