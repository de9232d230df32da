import type { Routes } from '@angular/router';
import type { Key } from '../../i18n/words';
import { NothingOpen } from '../look/nothing-open';
import { ContactsPage } from './contacts-page';

const title = 'contacts.title' satisfies Key;

export const contactRoutes: Routes = [
  {
    path: '',
    title,
    component: ContactsPage,
    children: [
      { path: '', pathMatch: 'full', component: NothingOpen, data: { room: 'contacts' } },
      {
        path: 'add',
        title: 'contacts.add.title' satisfies Key,
        data: { detail: true },
        loadComponent: async () => (await import('./add-page')).AddPage,
      },
      {
        path: 'invite',
        title: 'invitations.make.title' satisfies Key,
        data: { detail: true },
        loadComponent: async () => (await import('./invite-page')).InvitePage,
      },
      {
        path: ':userId',
        title,
        data: { detail: true },
        loadComponent: async () => (await import('./person-page')).PersonPage,
      },
      {
        path: ':userId/verify',
        title,
        data: { detail: true },
        loadComponent: async () => (await import('./verify-page')).VerifyPage,
      },
    ],
  },
];
