import { Component, computed, inject, signal } from '@angular/core';
import { laterWords } from '../../i18n/later-words';
import { type Key } from '../../i18n/words';
import { CallMedia } from './call-media';
import { type DeviceKind } from './capture';
import { Peer } from './peer';
import { permissionHelp } from './permission-help';

/** Says which device is missing, what that means for the call, and how to mend it. */
@Component({
  selector: 'parley-capture-problem',
  styleUrl: './capture-problem.css',
  template: `
    <div role="status">
      @if (asking(); as asking) {
        <div class="problem">
          <p>{{ t(asking) }}</p>
        </div>
      }
      @if (screenFailed()) {
        <div class="problem">
          <p>{{ t('call.problem.screen') }}</p>
          <div class="ways">
            <button (click)="screenFailed.set(false)">{{ t('call.problem.hide') }}</button>
          </div>
        </div>
      }
      @if (problem(); as problem) {
        <div class="problem">
          <p>{{ t(problem.key, { name: peer.name() }) }}</p>
          @if (helping()) {
            <p>{{ t(help) }}</p>
          }
          <div class="ways">
            <button (click)="retry(problem.kind)">{{ t('call.problem.retry') }}</button>
            @if (problem.refused && !helping()) {
              <button (click)="helping.set(true)">{{ t('call.problem.help') }}</button>
            }
            <button (click)="hide(problem.key)">{{ t('call.problem.hide') }}</button>
          </div>
        </div>
      }
    </div>
  `,
})
export class CaptureProblem {
  readonly #media = inject(CallMedia);
  protected readonly peer = inject(Peer);
  protected readonly t = laterWords();
  protected readonly help = permissionHelp(navigator.userAgent);
  protected readonly helping = signal(false);
  protected readonly screenFailed = this.#media.screenFailed;
  readonly #hidden = signal<readonly Key[]>([]);

  protected readonly asking = computed<Key | null>(() => {
    const [kind, other] = this.#media.asksFor();
    return kind === undefined ? null : `call.asking.${other === undefined ? kind : 'both'}`;
  });

  /** The microphone's before the camera's: without it one is not heard. */
  protected readonly problem = computed(() => {
    for (const kind of ['microphone', 'camera'] as const) {
      const use = this.#media.local()[kind];
      if (use.is !== 'missing') continue;
      const key: Key = `call.problem.${kind}.${use.problem}`;
      if (!this.#hidden().includes(key)) return { kind, key, refused: use.problem === 'refused' };
    }
    return null;
  });

  protected hide(key: Key): void {
    this.#hidden.update(hidden => [...hidden, key]);
  }

  protected async retry(kind: DeviceKind): Promise<void> {
    await this.#media.retry(kind);
  }
}
