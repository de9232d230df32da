import { TestBed } from '@angular/core/testing';
import { KeptStorage, STORAGE } from './kept-storage';

describe('what this device keeps', () => {
  const storage = (persist: Promise<boolean>) => {
    const asked = jasmine.createSpy().and.returnValue(persist);
    const useValue = { persist: asked, persisted: () => Promise.resolve(false) };
    TestBed.configureTestingModule({ providers: [{ provide: STORAGE, useValue }] });
    return asked;
  };

  beforeEach(() => localStorage.removeItem('parley.storage'));
  afterAll(() => localStorage.removeItem('parley.storage'));

  it('is asked to be kept for good once, however much is sent', async () => {
    const asked = storage(Promise.resolve(true));
    const kept = TestBed.inject(KeptStorage);
    await Promise.all([kept.askOnce(), kept.askOnce()]);
    expect(asked).toHaveBeenCalledTimes(1);
    expect([kept.persisted(), kept.refused()]).toEqual([true, false]);
  });

  it('may be refused, which is said, and asked again by a person', async () => {
    const asked = storage(Promise.reject(new TypeError('not here')));
    const kept = TestBed.inject(KeptStorage);
    await kept.askOnce();
    expect([kept.persisted(), kept.refused()]).toEqual([false, true]);
    await kept.ask();
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('is what it is where the browser cannot be asked', async () => {
    TestBed.configureTestingModule({ providers: [{ provide: STORAGE, useValue: undefined }] });
    const kept = TestBed.inject(KeptStorage);
    await kept.askOnce();
    expect([kept.canAsk, kept.persisted(), kept.refused()]).toEqual([false, false, false]);
  });
});
