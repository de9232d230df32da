import { DestroyRef, ElementRef, inject } from '@angular/core';
import { fromEvent } from 'rxjs';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';

/** What takes keys and pastes for itself. */
const FIELDS = 'input, textarea, select, [contenteditable]:not([contenteditable=false])';

export interface TypedAnywhere {
  /** A character was typed: the field that takes the focus now gets it. */
  readonly typed: () => void;
  readonly pasted: (event: ClipboardEvent) => void;
}

/**
 * What is typed or pasted where no field takes it, on the page or on nothing at all, belongs to the one field of the page
 * (an injection context is needed). Not what is meant for a dialog above it, and no shortcut.
 */
export function typedAnywhere(then: TypedAnywhere): void {
  const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  const isForUs = (event: Event): boolean => {
    const { target } = event;
    if (event.defaultPrevented || !(target instanceof Element) || target.closest(FIELDS)) return false;
    const dialog = document.querySelector(':modal');
    if (dialog && !dialog.contains(host)) return false;
    // Inside a dialog (a chat beside a call) what has no focus is the dialog's.
    return host.contains(target) || (!dialog && target === document.body);
  };
  const destroyed = inject(DestroyRef);
  fromEvent<KeyboardEvent>(document, 'keydown')
    .pipe(takeUntilDestroyed(destroyed))
    .subscribe(event => {
      if (isSign(event) && isForUs(event)) then.typed();
    });
  fromEvent<ClipboardEvent>(document, 'paste')
    .pipe(takeUntilDestroyed(destroyed))
    .subscribe(event => {
      if (isForUs(event)) then.pasted(event);
    });
}

/** Whether a key writes something. Space scrolls and presses, and no message begins with it. */
function isSign(event: KeyboardEvent): boolean {
  // AltGr is Ctrl and Alt on Windows; on a Mac, Alt alone writes signs.
  const isShortcut = (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState('AltGraph');
  return !isShortcut && !event.isComposing && event.key !== ' ' && [...event.key].length === 1;
}
