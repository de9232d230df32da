import { Component } from '@angular/core';
import { laterWords } from '../../i18n/later-words';
import { Icon } from '../look/icon';
import add from './guide-add.svg';
import home from './guide-home.svg';
import share from './guide-share.svg';

/** How the app gets onto an iPhone or iPad: pictured steps, in the system's own words. */
@Component({
  selector: 'parley-install-guide',
  imports: [Icon],
  template: `
    <ol>
      @for (step of steps; track step.words) {
        <li>
          <parley-icon [svg]="step.picture" />
          <div>
            <h2>{{ $index + 1 }}. {{ t(step.title) }}</h2>
            <p class="dim">{{ t(step.words) }}</p>
          </div>
        </li>
      }
    </ol>
  `,
  styleUrl: './install-guide.css',
})
export class InstallGuide {
  protected readonly t = laterWords();
  protected readonly steps = [
    { picture: share, title: 'worker.guide.share.title', words: 'worker.guide.share.words' },
    { picture: add, title: 'worker.guide.add.title', words: 'worker.guide.add.words' },
    { picture: home, title: 'worker.guide.home.title', words: 'worker.guide.home.words' },
  ] as const;
}
