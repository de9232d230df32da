import { DOCUMENT, Location } from '@angular/common';
import { DestroyRef, inject, Service } from '@angular/core';
import { NavigationEnd, Router } from '@angular/router';

/** Where a history entry says how many layers were open above the page when it was pushed. */
const DEPTH = 'parleyLayers';

/**
 * What lies over the page: a call's stage, its chat, a sheet, a dialog, the emoji board. Back (button, gesture, key) and
 * Escape close the innermost of them and nothing else.
 *
 * Each open layer has a history entry of its own, with the address of the page beneath, pushed when it opens: Chromium skips
 * an entry that a page pushes without a person's action, so one that is pushed again after each Back would be skipped. A
 * layer that closes in another way leaves its entry behind, because `history.back()` at that moment would undo a navigation
 * that begins at the same time. Such an entry is used again by the next layer, and Back passes over it.
 */
@Service()
export class Layers {
  readonly #location = inject(Location);
  /** The outermost first. */
  readonly #open: { readonly close: () => void }[] = [];
  /** The depth of the history entry the page is at. */
  #here = depthOf(this.#location.getState());

  constructor() {
    const document = inject(DOCUMENT);
    const ended = new AbortController();
    const popped = this.#location.subscribe(({ state }) => this.#popped(depthOf(state)));
    const navigated = inject(Router).events.subscribe(event => event instanceof NavigationEnd && this.#navigated());
    document.addEventListener('keydown', event => this.#keyed(event), { signal: ended.signal });
    inject(DestroyRef).onDestroy(() => {
      ended.abort();
      popped.unsubscribe();
      navigated.unsubscribe();
    });
  }

  /**
   * Opens a layer above those that are open.
   * @param close closes it: called at Back and Escape, once each; it need not have closed when this returns
   * @returns must be called when the layer is closed, in either way
   */
  open(close: () => void): () => void {
    const layer = { close };
    this.#open.push(layer);
    this.#guard();
    return () => {
      const at = this.#open.indexOf(layer);
      if (at >= 0) this.#open.splice(at, 1);
    };
  }

  /** Closes the innermost layer, where one is open. */
  closeInnermost(): void {
    this.#open.at(-1)?.close();
  }

  /** Gives every open layer its history entry. */
  #guard(): void {
    while (this.#here < this.#open.length) {
      this.#here += 1;
      const state = this.#location.getState();
      const kept = typeof state === 'object' ? state : {};
      // The router's own facts stay in it: for the router this is the same page.
      this.#location.go(this.#location.path(true), '', { ...kept, [DEPTH]: this.#here });
    }
  }

  #popped(depth: number): void {
    const [left, open] = [this.#here, this.#open.length];
    this.#here = depth;
    const above = this.#open.slice(depth).reverse();
    above.forEach(layer => layer.close());
    if (above.length > 0) return;
    // Back from the entry of a layer that was closed in another way, or to one: what was meant is as many entries further.
    const further = left > open && depth < left ? left - open : depth - open;
    if (further <= 0) return;
    this.#here = open;
    this.#location.historyGo(-further);
  }

  /** A page that was opened under an open layer has an entry without a depth. */
  #navigated(): void {
    this.#here = depthOf(this.#location.getState());
    this.#guard();
  }

  #keyed(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing || this.#open.length === 0) return;
    // A modal dialog would close as well, or close by itself what its owner wants to keep.
    event.preventDefault();
    this.closeInnermost();
  }
}

/** Opens a layer for as long as the injection context (a component, a directive) lives. */
export function openLayer(close: () => void): void {
  const release = inject(Layers).open(close);
  inject(DestroyRef).onDestroy(release);
}

function depthOf(state: unknown): number {
  const depth: unknown = typeof state === 'object' && state !== null ? Reflect.get(state, DEPTH) : undefined;
  return typeof depth === 'number' ? depth : 0;
}
