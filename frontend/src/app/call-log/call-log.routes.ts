import type { Routes } from '@angular/router';
import type { Key } from '../../i18n/words';
import { NothingOpen } from '../look/nothing-open';
import { CallLogPage } from './call-log-page';

export const callLogRoutes: Routes = [
  {
    path: '',
    title: 'app.calls' satisfies Key,
    component: CallLogPage,
    children: [{ path: '', pathMatch: 'full', component: NothingOpen, data: { room: 'calls' } }],
  },
];
