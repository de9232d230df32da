/** The part of the window that a box of the page takes, in px from its upper left corner. */
interface Area {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** How much of the window's height a box shows: less where it is zoomed, or a keyboard lies over it. */
function areaOf(box: HTMLElement): Area {
  const { top, bottom, left, right } = box.getBoundingClientRect();
  const seen = window.visualViewport;
  const [above, beside] = [seen?.offsetTop ?? 0, seen?.offsetLeft ?? 0];
  return {
    top: Math.max(top, above),
    bottom: Math.min(bottom, above + (seen?.height ?? innerHeight)),
    left: Math.max(left, beside),
    right: Math.min(right, beside + (seen?.width ?? innerWidth)),
  };
}

/** The index of the first of `rows`, which stand below each other, that ends below `y`. */
export function firstBelow(rows: readonly HTMLElement[], y: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.getBoundingClientRect().bottom ?? 0) > y) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Rows of a box of which at least half is in sight, or that fill half of it; in their order. */
export function rowsInView(box: HTMLElement, rows: readonly HTMLElement[]): HTMLElement[] {
  const area = areaOf(box);
  const found: HTMLElement[] = [];
  for (const row of rows.slice(firstBelow(rows, area.top))) {
    const { top, bottom, height } = row.getBoundingClientRect();
    if (top >= area.bottom) break;
    const visible = Math.min(bottom, area.bottom) - Math.max(top, area.top);
    if (visible > 0 && visible >= Math.min(height, area.bottom - area.top) / 2) found.push(row);
  }
  return found;
}

/**
 * Whether nothing lies over the middle of what is in sight of a row: no call, no dialog, no other pane. Asked of the page
 * itself, so that whatever comes to cover it needs no word of this.
 */
export function isUncovered(box: HTMLElement, row: HTMLElement): boolean {
  const area = areaOf(box);
  const { top, bottom } = row.getBoundingClientRect();
  const y = (Math.max(top, area.top) + Math.min(bottom, area.bottom)) / 2;
  return row.contains(document.elementFromPoint((area.left + area.right) / 2, y));
}
