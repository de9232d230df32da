import { TestBed } from '@angular/core/testing';
import { anId } from '#protocol/testing/ids';
import { Drafts } from './drafts';
import { LocalChat } from './local-chat';
import { AGAIN_MS } from './unkept';

describe('Drafts', () => {
  let saved: string[];
  let drafts: Drafts;
  let refuses: boolean;

  beforeEach(() => {
    jasmine.clock().install();
    saved = [];
    refuses = false;
    const saveDraft = (id: string, text: string) =>
      refuses ? Promise.reject(new Error('QuotaExceededError')) : Promise.resolve(void saved.push(`${id}: ${text}`));
    TestBed.configureTestingModule({ providers: [{ provide: LocalChat, useValue: { saveDraft } }] });
    drafts = TestBed.inject(Drafts);
  });
  afterEach(() => jasmine.clock().uninstall());

  it('are written with the first letter, and again while somebody types without a pause', () => {
    drafts.set(anId('c'), 'L');
    expect(saved).toEqual(['c: L']);
    for (const text of ['Lo', 'Loo', 'Look']) {
      drafts.set(anId('c'), text);
      jasmine.clock().tick(150);
    }
    expect(saved).toEqual(['c: L', 'c: Look']);
    jasmine.clock().tick(10_000);
    expect(saved.length).toBe(2);
  });

  it('are written at once before a page goes', async () => {
    drafts.set(anId('c'), 'L');
    drafts.set(anId('c'), 'Look');
    drafts.set(anId('d'), 'x');
    await drafts.keep();
    expect(saved).toEqual(['c: L', 'd: x', 'c: Look']);
  });

  it('are said to be unsaved while the database refuses, and written once it takes them', async () => {
    refuses = true;
    drafts.set(anId('c'), 'Look');
    await drafts.keep();
    expect(drafts.isUnkept(anId('c'))).toBeTrue();
    refuses = false;
    jasmine.clock().tick(AGAIN_MS);
    await drafts.keep();
    for (let i = 0; i < 5; i++) await Promise.resolve();
    expect(saved).toEqual(['c: Look']);
    expect(drafts.isUnkept(anId('c'))).toBeFalse();
  });

  it('do not come back once they were sent', () => {
    drafts.set(anId('c'), 'Look');
    drafts.set(anId('c'), '');
    expect(saved).toEqual(['c: Look', 'c: ']);
    jasmine.clock().tick(10_000);
    expect(saved.length).toBe(2);
  });
});
