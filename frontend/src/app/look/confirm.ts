import { ApplicationRef, createComponent, EnvironmentInjector, inject, Service } from '@angular/core';
import { type Question } from './confirm-dialog';

/** Asks in a dialog of the app. */
@Service()
export class Confirm {
  readonly #injector = inject(EnvironmentInjector);
  readonly #app = inject(ApplicationRef);

  /** Resolves to whether the person said yes; Escape and a click beside the dialog say no. */
  async ask(question: Question): Promise<boolean> {
    const { ConfirmDialog } = await import('./confirm-dialog');
    const dialog = createComponent(ConfirmDialog, { environmentInjector: this.#injector });
    dialog.setInput('question', question);
    const host: unknown = dialog.location.nativeElement;
    if (host instanceof Node) document.body.append(host);
    this.#app.attachView(dialog.hostView);
    dialog.changeDetectorRef.detectChanges();
    const answer = await dialog.instance.open();
    dialog.destroy();
    return answer;
  }
}
