import type { Routes } from '@angular/router';
import type { Key } from '../../i18n/words';
import { NothingOpen } from '../look/nothing-open';
import { SettingsPage } from './settings-page';

export const settingsRoutes: Routes = [
  {
    path: '',
    title: 'app.settings' satisfies Key,
    component: SettingsPage,
    children: [{ path: '', pathMatch: 'full', component: NothingOpen }],
  },
];
