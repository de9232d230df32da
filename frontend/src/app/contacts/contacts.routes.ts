import type { Routes } from '@angular/router';
import type { Key } from '../../i18n/words';
import { NothingOpen } from '../look/nothing-open';
import { ContactsPage } from './contacts-page';

export const contactRoutes: Routes = [
  {
    path: '',
    title: 'app.contacts' satisfies Key,
    component: ContactsPage,
    children: [{ path: '', pathMatch: 'full', component: NothingOpen }],
  },
];
