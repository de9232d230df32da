import { TestBed } from '@angular/core/testing';
import { StorageState } from '../device/storage-state';
import { AGAIN_MS, Unkept } from './unkept';

describe('what could not be written', () => {
  let unkept: Unkept;
  let full: boolean;
  let wrote: string[];
  const writing = (what: string) => () =>
    full ? Promise.reject(new Error('QuotaExceededError')) : Promise.resolve(wrote.push(what));
  const settled = async (): Promise<void> => {
    for (let i = 0; i < 10; i++) await Promise.resolve();
  };
  const later = async (): Promise<void> => {
    jasmine.clock().tick(AGAIN_MS);
    await settled();
  };
  // Not dispatched: Karma takes the event itself for the end of the page.
  let listen: jasmine.Spy<typeof addEventListener>;
  const closes = (): boolean => {
    const event = new Event('beforeunload', { cancelable: true });
    for (const [type, listener] of listen.calls.allArgs()) {
      if (type === 'beforeunload' && typeof listener === 'function') listener.call(window, event);
    }
    return event.defaultPrevented;
  };

  beforeEach(() => {
    jasmine.clock().install();
    [full, wrote] = [true, []];
    listen = spyOn(window, 'addEventListener').and.callThrough();
    unkept = TestBed.inject(Unkept);
  });
  afterEach(() => {
    TestBed.resetTestingModule();
    jasmine.clock().uninstall();
  });

  it('is known by its key and tried again until it is written, then never again', async () => {
    await unkept.write('a', writing('a'));
    expect([unkept.has('a'), unkept.has('b')]).toEqual([true, false]);
    await later();
    expect(unkept.has('a')).toBeTrue();
    full = false;
    await later();
    expect([unkept.has('a'), ...wrote]).toEqual([false, 'a']);
    await later();
    expect(wrote).toEqual(['a']);
  });

  it('gives its place to a later write of the same thing', async () => {
    await unkept.write('a', writing('kept'));
    full = false;
    await unkept.write('a', writing('forgotten'));
    await later();
    expect(wrote).toEqual(['forgotten']);
    expect(unkept.has('a')).toBeFalse();
  });

  it('asks before the page is closed, where it is nowhere else', async () => {
    await unkept.write('mark', writing('mark'));
    expect(closes()).toBeFalse();
    await unkept.write('post', writing('post'), true);
    expect(closes()).toBeTrue();
    full = false;
    await later();
    expect(closes()).toBeFalse();
  });

  it('is what was written in memory, too, where the browser keeps nothing, until it is not needed any more', async () => {
    full = false;
    TestBed.inject(StorageState).refused('messages');
    await unkept.write('post', writing('post'), true);
    expect([unkept.has('post'), closes()]).toEqual([true, true]);
    await later();
    expect([unkept.has('post'), closes()]).toEqual([true, true]);
    await unkept.write('post', writing('forgotten'));
    expect([unkept.has('post'), closes()]).toEqual([false, false]);
  });
});
