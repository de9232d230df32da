import { ChangeDetectionStrategy, Component } from '@angular/core';

/** What lies over the app while there is a call: the ring, the stage, the small view. */
@Component({ selector: 'parley-call-overlay', changeDetection: ChangeDetectionStrategy.OnPush, template: '' })
export class CallOverlay {}
