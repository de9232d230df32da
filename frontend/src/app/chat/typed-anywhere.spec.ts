import { Component } from '@angular/core';
import { TestBed, type ComponentFixture } from '@angular/core/testing';
import { typedAnywhere } from './typed-anywhere';

@Component({
  selector: 'parley-spec-page',
  template: '<button>Call</button><textarea></textarea><p tabindex="0">log</p>',
})
class Page {
  typed = 0;
  pasted = 0;

  constructor() {
    typedAnywhere({ typed: () => this.typed++, pasted: () => this.pasted++ });
  }
}

describe('what is typed where no field takes it', () => {
  let fixture: ComponentFixture<Page>;
  const inside = (selector: string): Element => (fixture.nativeElement as HTMLElement).querySelector(selector)!;
  const press = (target: Element, key: string, more: KeyboardEventInit = {}): number => {
    const before = fixture.componentInstance.typed;
    target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
    return fixture.componentInstance.typed - before;
  };

  beforeEach(() => {
    fixture = TestBed.createComponent(Page);
    document.body.append(fixture.nativeElement as HTMLElement);
  });
  afterEach(() => fixture.destroy());

  it('is for the page: every sign, from the page and from nothing at all', () => {
    for (const key of ['a', 'A', 'ß', '字', '😀', '/', '?', '1']) {
      expect(press(document.body, key)).withContext(key).toBe(1);
      expect(press(inside('p'), key))
        .withContext(key)
        .toBe(1);
    }
    expect(press(inside('button'), 'x')).toBe(1);
  });

  it('is not a shortcut, a key that moves or presses, or what a field or a dialog takes', () => {
    for (const key of ['Enter', 'Tab', 'ArrowUp', 'Escape', ' ', 'F5', 'Dead', 'Process']) {
      expect(press(document.body, key)).withContext(key).toBe(0);
    }
    expect(press(document.body, 'c', { ctrlKey: true })).toBe(0);
    expect(press(document.body, 'r', { metaKey: true })).toBe(0);
    expect(press(inside('textarea'), 'a')).toBe(0);
    const dialog = document.createElement('dialog');
    document.body.append(dialog);
    dialog.showModal();
    expect(press(document.body, 'a')).toBe(0);
    expect(press(dialog, 'a')).toBe(0);
    dialog.append(fixture.nativeElement as HTMLElement);
    expect(press(inside('p'), 'a')).toBe(1);
    expect(press(document.body, 'a')).toBe(0);
    dialog.remove();
  });

  it('and what is pasted there goes the same way', () => {
    document.body.dispatchEvent(new ClipboardEvent('paste', { bubbles: true }));
    inside('textarea').dispatchEvent(new ClipboardEvent('paste', { bubbles: true }));
    expect(fixture.componentInstance.pasted).toBe(1);
  });
});
