import { ApplicationInitStatus } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideLanguage, rememberLanguage } from '../language';

/** Gives components their words, in English whatever the browser speaks. Resolves when the words are there. */
export async function inEnglish(): Promise<void> {
  rememberLanguage('en');
  TestBed.configureTestingModule({ providers: [provideLanguage()] });
  await TestBed.inject(ApplicationInitStatus).donePromise;
}
