import { Service, signal } from '@angular/core';
import { Subject } from 'rxjs';

/** A sheet over the stage. */
export type Panel = 'more' | 'sound' | 'stats' | 'files' | 'code' | 'recordings';

/** What a person asks of the stage in a sheet. */
export type StageAction = 'share' | 'chat' | 'picture' | 'full-screen';

/** Which sheet is open over the stage, and what is asked of the stage there: sheets are a chunk of their own. */
@Service()
export class StagePanels {
  readonly open = signal<Panel | null>(null);
  readonly asked = new Subject<StageAction>();
}
