import { NgTemplateOutlet } from '@angular/common';
import {
  afterNextRender,
  afterRenderEffect,
  Component,
  computed,
  contentChild,
  DestroyRef,
  type ElementRef,
  inject,
  Injector,
  input,
  signal,
  TemplateRef,
  viewChild,
} from '@angular/core';

/** Rows drawn beyond each edge of the view: Tab finds its next stop among them, and a quick finger no empty place. */
const BEYOND = 8;
/** Until the first row was measured, px. */
const ROW_HEIGHT = 68;

/**
 * A long list of rows of one height inside a scrolling page: only those near the view are in the document. Read aloud it is
 * whole (`aria-setsize`, `aria-posinset`), arrow keys, Home and End walk through it, and the row that has the focus stays
 * drawn wherever one scrolls, which ready-made virtual lists (CDK) do not do.
 *
 * ```html
 * <parley-row-list [items]="ids()"><ng-template let-id>…</ng-template></parley-row-list>
 * ```
 */
@Component({
  selector: 'parley-row-list',
  imports: [NgTemplateOutlet],
  host: { '(focusin)': 'entered($event)', '(focusout)': 'focused.set(undefined)', '(keydown)': 'walk($event)' },
  template: `
    <!-- Safari takes the role from a list without bullets. -->
    <ul #list role="list" [attr.aria-label]="label() || null" [style.height.px]="items().length * height()">
      @for (one of drawn(); track one.item) {
        <li
          [style.translate]="'0 ' + one.index * height() + 'px'"
          [attr.aria-setsize]="items().length"
          [attr.aria-posinset]="one.index + 1"
          [attr.data-index]="one.index"
        >
          <ng-container [ngTemplateOutlet]="row()" [ngTemplateOutletContext]="{ $implicit: one.item }" />
        </li>
      }
    </ul>
  `,
  styles: `
    :host {
      display: block;
    }

    ul {
      position: relative;
    }

    li {
      position: absolute;
      inset: 0 0 auto;
    }
  `,
})
export class RowList {
  /** Keys of the rows, in order; each once. */
  readonly items = input.required<readonly string[]>();
  readonly label = input('');

  readonly #injector = inject(Injector);
  protected readonly row = contentChild.required(TemplateRef);
  private readonly list = viewChild.required<ElementRef<HTMLElement>>('list');
  protected readonly height = signal(ROW_HEIGHT);
  /** The row that has the focus, or is about to get it. */
  protected readonly focused = signal<string | undefined>(undefined);
  /** Which part of the list is in the view, px from its top. */
  readonly #view = signal({ from: 0, to: 0 });

  readonly #near = computed(
    () => {
      const { from, to } = this.#view();
      const row = this.height();
      return { from: Math.floor(from / row) - BEYOND, to: Math.ceil(to / row) + BEYOND };
    },
    { equal: (a, b) => a.from === b.from && a.to === b.to },
  );
  protected readonly drawn = computed(() => {
    const items = this.items();
    const from = Math.max(0, this.#near().from);
    const near = items.slice(from, Math.max(from, this.#near().to)).map((item, i) => ({ item, index: from + i }));
    const focused = this.focused();
    if (focused === undefined || near.some(({ item }) => item === focused)) return near;
    const index = items.indexOf(focused);
    if (index < 0) return near;
    return index < from ? [{ item: focused, index }, ...near] : [...near, { item: focused, index }];
  });

  constructor() {
    const destroyed = inject(DestroyRef);
    afterNextRender(() => {
      const list = this.list().nativeElement;
      const page = scrollerOf(list);
      const look = () => this.#look(list, page);
      page.addEventListener('scroll', look, { passive: true });
      const sizes = new ResizeObserver(look);
      sizes.observe(page);
      sizes.observe(list);
      look();
      destroyed.onDestroy(() => {
        page.removeEventListener('scroll', look);
        sizes.disconnect();
      });
    });
    // Rows grow with the text size of the browser; all of them alike.
    afterRenderEffect(() => {
      this.drawn();
      const height = this.list().nativeElement.querySelector('li')?.offsetHeight ?? 0;
      if (height > 0) this.height.set(height);
    });
  }

  #look(list: HTMLElement, page: HTMLElement): void {
    const from = page.getBoundingClientRect().top - list.getBoundingClientRect().top;
    this.#view.set({ from, to: from + page.clientHeight });
  }

  protected entered({ target }: FocusEvent): void {
    this.focused.set(this.items()[indexOf(target)]);
  }

  /** From row to row by the keys of a list (ARIA Authoring Practices, listbox). */
  protected walk(event: KeyboardEvent): void {
    const index = indexOf(event.target);
    const last = this.items().length - 1;
    const places: Record<string, number> = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: last };
    const to = places[event.key];
    if (to === undefined || index < 0 || to < 0 || to > last || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.focused.set(this.items()[to]);
    afterNextRender(() => this.#focus(to), { injector: this.#injector });
  }

  #focus(index: number): void {
    const row = this.list().nativeElement.querySelector<HTMLElement>(`li[data-index="${index}"]`);
    row?.scrollIntoView({ block: 'nearest' });
    row?.querySelector<HTMLElement>('a, button')?.focus({ preventScroll: true });
  }
}

/** Of the row in which something is; -1 outside of rows. */
const indexOf = (target: EventTarget | null): number =>
  Number((target instanceof Element && target.closest<HTMLElement>('li[data-index]')?.dataset['index']) || -1);

function scrollerOf(element: HTMLElement): HTMLElement {
  for (let one = element.parentElement; one; one = one.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(one).overflowY)) return one;
  }
  return document.documentElement;
}
