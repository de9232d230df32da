import { Component, signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { RowList } from './row-list';

@Component({
  selector: 'parley-list-of-many',
  imports: [RowList],
  template: `
    <div class="page" style="height: 600px; overflow-y: auto">
      <p style="height: 200px; margin: 0">What stands above</p>
      <parley-row-list [items]="items()" label="Many">
        <ng-template let-id>
          <a href="#{{ id }}" style="display: block; height: 60px">{{ id }}</a>
        </ng-template>
      </parley-row-list>
    </div>
  `,
})
class ListOfMany {
  readonly items = signal(Array.from({ length: 1_000 }, (_, i) => `row-${i}`));
}

describe('a long list of rows', () => {
  let fixture: ComponentFixture<ListOfMany>;
  let page: HTMLElement;

  beforeEach(async () => {
    fixture = TestBed.createComponent(ListOfMany);
    document.body.append(fixture.nativeElement as HTMLElement);
    page = (fixture.nativeElement as HTMLElement).querySelector('.page')!;
    await drawn(() => page.querySelector('ul')!.offsetHeight === 60_000);
  });
  afterEach(() => fixture.destroy());

  /** Resolves when it holds; a spec that never gets there ends with Jasmine's own time. */
  async function drawn(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await fixture.whenStable();
      await new Promise(resolve => requestAnimationFrame(resolve));
    }
  }
  const rows = () => [...page.querySelectorAll('li')];
  const row = (n: number) => page.querySelector<HTMLElement>(`li[data-index="${n}"]`);
  const key = (name: string) => {
    const event = new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true });
    document.activeElement!.dispatchEvent(event);
    return event.defaultPrevented;
  };
  const focusedText = () => document.activeElement?.textContent;

  it('draws what is near the view, and has the height and the place of all', async () => {
    expect(rows().length).toBeLessThan(30);
    expect(row(0)).not.toBeNull();
    page.scrollTop = 200 + 500 * 60;
    await drawn(() => row(500) !== null);
    expect(rows().length).toBeLessThan(40);
    expect(row(0)).toBeNull();
    const said = ['aria-setsize', 'aria-posinset'].map(name => row(500)!.getAttribute(name));
    expect(said).toEqual(['1000', '501']);
    expect(page.querySelector('ul')!.getAttribute('aria-label')).toBe('Many');
  });

  it('is walked by arrow keys, beyond what was drawn, to either end', async () => {
    row(0)!.querySelector('a')!.focus();
    for (let i = 1; i <= 40; i += 1) {
      expect(key('ArrowDown')).toBeTrue();
      await drawn(() => focusedText() === `row-${i}`);
    }
    const { top, bottom } = row(40)!.getBoundingClientRect();
    const view = page.getBoundingClientRect();
    expect(top >= view.top - 1 && bottom <= view.bottom + 1).toBeTrue();
    key('End');
    await drawn(() => focusedText() === 'row-999');
    expect(key('ArrowDown')).withContext('nothing below: the key is left to the page').toBeFalse();
    key('Home');
    await drawn(() => focusedText() === 'row-0');
  });

  it('keeps the row that has the focus where it is out of the view, and where the list changes', async () => {
    row(3)!.querySelector('a')!.focus();
    page.scrollTop = 40_000;
    await drawn(() => row(665) !== null);
    expect(focusedText()).toBe('row-3');
    expect(row(2)).withContext('its neighbours are not kept').toBeNull();
    expect(rows().length).toBeLessThan(40);
    fixture.componentInstance.items.update(([first = '', second = '', ...others]) => [second, first, ...others]);
    await drawn(() => page.querySelector('ul')!.offsetHeight === 60_000);
    expect(focusedText()).toBe('row-3');
  });

  it('follows a list that becomes short', async () => {
    page.scrollTop = 40_000;
    await drawn(() => row(665) !== null);
    fixture.componentInstance.items.set(['row-1', 'row-2']);
    await drawn(() => rows().length === 2);
    expect(rows().map(one => one.textContent?.trim())).toEqual(['row-1', 'row-2']);
  });
});
