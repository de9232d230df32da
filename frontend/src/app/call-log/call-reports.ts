import { inject, Service, signal } from '@angular/core';
import { type CallId } from '#protocol/ids';
import { LocalDatabase } from '../device/local-database';
import { once } from '../look/once';
import { type CallReport } from './call-report';

/** How many are kept: as many as the log keeps calls. */
const MOST = 50;

/** What happened in the calls of this device. No server has it, and it goes with its person. */
@Service()
export class CallReports {
  readonly #local = inject(LocalDatabase);
  readonly #reports = signal<ReadonlyMap<CallId, CallReport>>(new Map());
  readonly #load = once(() => this.#read());

  /** By call; what was kept before is there once `load` has settled. */
  readonly reports = this.#reports.asReadonly();

  /** Reads what this device has kept; where that fails, the next one who asks tries again. */
  load(): Promise<void> {
    return this.#load().catch(() => undefined);
  }

  async keep(report: CallReport): Promise<void> {
    this.#reports.update(reports => new Map(reports).set(report.callId, report));
    await this.#local.use(async db => {
      const table = db.table<CallReport>('callReports');
      await table.put(report);
      const tooMany = await table.ordered('at', { reverse: true, offset: MOST });
      for (const { callId } of tooMany) await table.delete(callId);
    });
  }

  async #read(): Promise<void> {
    const kept = await this.#local.use(db => db.table<CallReport>('callReports').ordered('at', { reverse: true }));
    this.#reports.update(now => new Map([...kept.map(report => [report.callId, report] as const), ...now]));
  }
}
