import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { withWords } from '../i18n/testing/with-words';
import { Badges } from './look/badges';
import { Navigation } from './navigation';

describe('the way between the rooms', () => {
  for (const waiting of [7, 42, 150])
    it(`keeps a badge of ${waiting} in one line`, async () => {
      await withWords([provideRouter([])]);
      TestBed.inject(Badges).chats.set(waiting);
      const fixture = TestBed.createComponent(Navigation);
      const page = fixture.nativeElement as HTMLElement;
      page.style.width = '390px';
      await fixture.whenStable();
      const badge = page.querySelector<HTMLElement>('.badge')!;
      const [shown] = badge.children;
      expect(shown?.textContent).toBe(waiting > 99 ? '99+' : String(waiting));
      expect(badge.querySelector('.unseen')?.textContent).toContain(`${waiting} unread chats`);
      const line = parseFloat(getComputedStyle(badge).fontSize) * 1.5;
      expect(shown!.getBoundingClientRect().height).toBeLessThan(line);
    });
});
