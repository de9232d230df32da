import { TestBed } from '@angular/core/testing';
import { Badges } from './badges';

describe('the badge on the app’s icon', () => {
  it('says how much waits, over all rooms, and is gone when nothing does', () => {
    const shown = spyOn(navigator, 'setAppBadge').and.rejectWith(new Error('not installed'));
    const badges = TestBed.inject(Badges);
    badges.chats.set(2);
    badges.calls.set(1);
    TestBed.tick();
    expect(shown).toHaveBeenCalledWith(3);
    badges.chats.set(0);
    badges.calls.set(0);
    TestBed.tick();
    expect(shown.calls.mostRecent().args).toEqual([0]);
  });
});
