import { Component, provideZonelessChangeDetection } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { Resting } from './resting';

@Component({
  selector: 'parley-test-scene',
  imports: [Resting],
  template: `
    <div class="scene" [parleyResting]="true">
      <button class="seen" (click)="clicks.push('seen')">Seen</button>
      <div class="rests"><button class="hang-up" (click)="clicks.push('hang up')">Hang up</button></div>
    </div>
  `,
})
class TestScene {
  readonly clicks: string[] = [];
}

describe('Resting', () => {
  let fixture: ComponentFixture<TestScene>;

  beforeEach(async () => {
    jasmine.clock().install();
    TestBed.configureTestingModule({ providers: [provideZonelessChangeDetection()] });
    fixture = TestBed.createComponent(TestScene);
    fixture.detectChanges();
    await rest();
  });
  afterEach(() => jasmine.clock().uninstall());

  const find = (selector: string) => (fixture.nativeElement as HTMLElement).querySelector<HTMLElement>(selector)!;
  const rests = () => find('.scene').classList.contains('resting');
  const rest = async () => {
    jasmine.clock().tick(4_000);
    fixture.detectChanges();
    await Promise.resolve();
  };
  const comesDown = (selector: string) =>
    find(selector).dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }));
  /** As a finger does: it comes down without having moved there. */
  const tap = (selector: string) => {
    comesDown(selector);
    find(selector).dispatchEvent(new FocusEvent('focusin', { bubbles: true }));
    find(selector).dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 }));
    fixture.detectChanges();
  };

  it('a finger where a hidden button is brings it back and does not press it', async () => {
    expect(rests()).toBeTrue();
    tap('.hang-up');
    expect(rests()).toBeFalse();
    expect(fixture.componentInstance.clicks).toEqual([]);
    tap('.hang-up');
    expect(fixture.componentInstance.clicks).toEqual(['hang up']);
    await rest();
    expect(rests()).toBeTrue();
  });

  it('a finger that came down on a hidden button takes nothing from the keyboard', () => {
    comesDown('.hang-up');
    find('.hang-up').click();
    expect(fixture.componentInstance.clicks).toEqual(['hang up']);
  });

  it('what is seen is pressed at once', () => {
    tap('.seen');
    expect(fixture.componentInstance.clicks).toEqual(['seen']);
  });
});
