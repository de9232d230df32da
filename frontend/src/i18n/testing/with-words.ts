import { ApplicationInitStatus, type EnvironmentProviders, type Provider } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { TranslocoService } from '@jsverse/transloco';
import { type Language, provideLanguage, speak } from '../language';

/** Sets a spec up with the app's real words, loaded. */
export async function withWords(
  providers: readonly (Provider | EnvironmentProviders)[] = [],
  language: Language = 'en',
): Promise<void> {
  TestBed.configureTestingModule({ providers: [provideLanguage(), ...providers] });
  await TestBed.inject(ApplicationInitStatus).donePromise;
  await speak(TestBed.inject(TranslocoService), language);
}
