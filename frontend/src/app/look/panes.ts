import { Component, inject } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { OpenDetail } from './open-detail';

/**
 * List and detail: side by side from 43.75em (700 px), one over the other on a phone. The list is put inside; the detail is the
 * child route's page. An empty-path child route fills the detail's place on a wide screen while nothing is open.
 */
@Component({
  selector: 'parley-panes',
  imports: [RouterOutlet],
  host: { '[class.open]': 'detail.open()' },
  template: `
    <div class="list"><ng-content /></div>
    <div class="detail"><router-outlet /></div>
  `,
  styleUrl: './panes.css',
})
export class Panes {
  protected readonly detail = inject(OpenDetail);
}
