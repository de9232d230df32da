import { ApplicationInitStatus, provideZonelessChangeDetection } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideLanguage } from '../../i18n/language';
import { Account } from '../account/account';
import { forgetRemembered, remember } from '../device/remembered';
import { Confirm } from '../look/confirm';
import { type Question } from '../look/confirm-dialog';
import { Leaving } from './leaving';

describe('Signing out', () => {
  afterEach(() => forgetRemembered('parley.recording'));

  async function asked(unsent = 0): Promise<Question> {
    const ask = jasmine.createSpy<Confirm['ask']>('ask').and.resolveTo(false);
    TestBed.configureTestingModule({
      providers: [
        provideZonelessChangeDetection(),
        provideLanguage(),
        { provide: Account, useValue: { unsent: () => unsent, signOut: fail } },
        { provide: Confirm, useValue: { ask } },
      ],
    });
    await TestBed.inject(ApplicationInitStatus).donePromise;
    await TestBed.inject(Leaving).signOut();
    return ask.calls.mostRecent().args[0];
  }

  it('says that recordings of calls go with it, which are nowhere else', async () => {
    remember('parley.recording', 'kept');
    const question = await asked();
    expect(question.sentence).toContain('Recordings of calls that are on this device are deleted, too.');
    expect(question.danger).toBeTrue();
  });

  it('speaks of none where there is none, and is never done without a yes', async () => {
    const question = await asked();
    expect(question.sentence).not.toContain('Recordings');
    expect(question.danger).toBeFalse();
  });
});
