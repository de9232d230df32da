import { effect, inject, Service, untracked } from '@angular/core';
import { phaseOf } from '#protocol/call-client-state';
import { beginTally, reportOf, type Tally, withGlance, withLink } from '../call-log/call-report';
import { CallReports } from '../call-log/call-reports';
import { Call } from './call';
import { LOOK_EVERY, QualityWatch } from './quality-watch';

/** Counts what happens in a call that was connected, and keeps the report of it on this device. */
@Service()
export class ReportWatch {
  readonly #call = inject(Call);
  readonly #reports = inject(CallReports);
  #tally: Tally | null = null;

  constructor() {
    const watch = inject(QualityWatch);
    const forMs = inject(LOOK_EVERY);
    effect(() => {
      const call = this.#call.state();
      untracked(() => this.#follow(call));
    });
    effect(() => {
      if (watch.report() === null) return;
      const [quality, level] = [untracked(watch.quality), untracked(watch.video)];
      if (quality === null || this.#tally === null) return;
      this.#tally = withGlance(this.#tally, { ...quality, paused: level === 'paused', forMs });
    });
  }

  #follow(call: ReturnType<Call['state']>): void {
    const phase = phaseOf(call);
    const connected = phase === 'connected' || phase === 'reconnecting';
    if (connected && call.state !== 'idle') {
      if (this.#tally?.callId !== call.callId) this.#tally = beginTally(call.callId);
      this.#tally = withLink(this.#tally, phase === 'connected', performance.now());
      return;
    }
    const [tally, last] = [this.#tally, call.state === 'idle' ? call.last : null];
    if (tally === null) return;
    this.#tally = null;
    if (last?.callId === tally.callId)
      void this.#reports.keep(reportOf(tally, last, Date.now())).catch(() => undefined);
  }
}
