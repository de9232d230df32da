import { Component, computed, inject, signal } from '@angular/core';
import mic from 'lucide-static/icons/mic.svg';
import video from 'lucide-static/icons/video.svg';
import waypoints from 'lucide-static/icons/waypoints.svg';
import wifi from 'lucide-static/icons/wifi.svg';
import { laterWords } from '../../i18n/later-words';
import { type Key } from '../../i18n/words';
import { Icon } from '../look/icon';
import { PageHeader } from '../look/page-header';
import { CallTest, type Check } from './call-test';
import { permissionHelp } from './permission-help';
import { Play } from './play';

const NETWORK: Record<Check, Key> = {
  waiting: 'call.test.notYet',
  running: 'call.test.linking',
  good: 'call.test.linked',
  bad: 'call.test.notLinked',
  none: 'call.test.notYet',
};
const RELAY: Record<Check, Key> = {
  waiting: 'call.test.notYet',
  running: 'call.test.checking',
  good: 'call.test.relayWorks',
  bad: 'call.test.relayFails',
  none: 'call.test.relayNone',
};

/** The page of the test call. */
@Component({
  selector: 'parley-call-test-page',
  imports: [Icon, PageHeader, Play],
  providers: [CallTest],
  styleUrl: './call-test-page.css',
  templateUrl: './call-test-page.html',
})
export class CallTestPage {
  protected readonly test = inject(CallTest);
  protected readonly t = laterWords();
  protected readonly icons = { mic, video, waypoints, wifi };
  protected readonly help = permissionHelp(navigator.userAgent);
  protected readonly started = signal(false);
  protected readonly network = computed(() => NETWORK[this.test.network()]);
  protected readonly relay = computed(() => RELAY[this.test.relay()]);
  protected readonly refused = computed(() =>
    (['microphone', 'camera'] as const).some(kind => this.test.problem(kind) === 'refused'),
  );

  protected readonly microphone = computed<{ state: Check; words: Key }>(() => {
    const problem = this.test.problem('microphone');
    if (problem !== undefined) return { state: 'bad', words: `call.test.problem.microphone.${problem}` };
    if (this.test.heard()) return { state: 'good', words: 'call.test.heard' };
    return { state: 'waiting', words: this.test.running() ? 'call.test.speak' : 'call.test.notYet' };
  });
  protected readonly camera = computed<{ state: Check; words: Key }>(() => {
    const problem = this.test.problem('camera');
    if (problem !== undefined) return { state: 'bad', words: `call.test.problem.camera.${problem}` };
    const on = this.test.local().camera.is === 'on';
    return on
      ? { state: 'good', words: 'call.test.picture' }
      : { state: 'waiting', words: this.test.running() ? 'call.test.noPicture' : 'call.test.notYet' };
  });

  protected start(): void {
    this.started.set(true);
    void this.test.start();
  }
}
