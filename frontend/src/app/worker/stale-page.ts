import { ErrorHandler, inject, Injectable, Injector, Service } from '@angular/core';
import { type NavigationError } from '@angular/router';
import { Words } from '../../i18n/words';
import { rememberedByTab, rememberInTab } from '../device/remembered';
import { Toast } from '../look/toast';
import { cureFor, entryOf, isMissingChunk } from './missing-chunk';
import { NewVersion } from './new-version';
import { PageReload } from './page-reload';

/**
 * A page whose app has been replaced on the server: parts it has not loaded yet are gone. It is reloaded to where the
 * person wanted to go, drafts and all.
 */
@Service()
export class StalePage {
  readonly #reload = inject(PageReload);
  readonly #version = inject(NewVersion);
  readonly #toast = inject(Toast);
  readonly #t = inject(Words).t;
  #mending = false;

  /**
   * @param error nothing happens unless a part of the app is missing
   * @param address where the person wanted to go; here, if not said
   */
  async mend(error: unknown, address?: string): Promise<void> {
    if (!isMissingChunk(error) || this.#mending) return;
    this.#mending = true;
    const served = await servedEntry();
    // The entry that this tab was last reloaded for.
    const tried = rememberedByTab('parley.reloadedFor');
    const cure = cureFor({ own: entryOf(document), served, tried, held: this.#reload.held() });
    // A tab that remembers nothing could reload for the same entry again and again: there the person reloads.
    if (cure === 'reload' && rememberInTab('parley.reloadedFor', served ?? '')) return this.#reload.to(address);
    this.#mending = false;
    if (cure === 'later') this.#version.announce();
    this.#toast.say(this.#t(cure === 'later' ? 'worker.stale.later' : 'worker.stale.retry'));
  }
}

/** What the server would start a page with now, past the worker and every cache. */
async function servedEntry(): Promise<string | undefined> {
  try {
    const answer = await fetch('index.html?ngsw-bypass', { cache: 'no-store' });
    if (!answer.ok) return undefined;
    return entryOf(new DOMParser().parseFromString(await answer.text(), 'text/html'));
  } catch {
    return undefined;
  }
}

/** For the router (`withNavigationErrorHandler`): the page that was wanted is opened by the app that has it. */
export function mendNavigation({ error, url }: NavigationError): void {
  void inject(StalePage).mend(error, new URL(url, document.baseURI).href);
}

/** Mends what is missing, and reports every other error as before. */
@Injectable()
export class MendingErrorHandler extends ErrorHandler {
  // What it needs is made when it is needed: an error may come before anything else stands.
  readonly #injector = inject(Injector);

  override handleError(error: unknown): void {
    if (isMissingChunk(error)) void this.#injector.get(StalePage).mend(error);
    else super.handleError(error);
  }
}
