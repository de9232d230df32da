import type { Page } from 'playwright-core';

/** A page that a person has open. */
export interface OpenPage {
  readonly name: string;
  readonly page: Page;
}

const pages = new Set<OpenPage>();

/** Remembers a page for as long as it is open, so that a failing spec can say what it shows. */
export function showsOnFailure(open: OpenPage): void {
  pages.add(open);
  open.page.once('close', () => pages.delete(open));
}

/** Every page that is open now. */
export const onScreen = (): readonly OpenPage[] => [...pages];
