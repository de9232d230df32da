import type { Routes } from '@angular/router';
import type { Key } from '../i18n/words';
import { forSignedIn, forSignedOut } from './account/guards';

/** The doors are small and first; the app behind them comes when somebody is in. */
export const routes: Routes = [
  {
    path: 'sign-in',
    title: 'account.signIn.title' satisfies Key,
    canActivate: [forSignedOut],
    loadComponent: async () => (await import('./account/sign-in-page')).SignInPage,
  },
  {
    path: 'sign-up',
    title: 'account.signUp.title' satisfies Key,
    canActivate: [forSignedOut],
    loadComponent: async () => (await import('./account/sign-up-page')).SignUpPage,
  },
  { path: '', canMatch: [forSignedIn], loadChildren: async () => (await import('./shell.routes')).shellRoutes },
  // The link by which somebody is found (contacts/own-link.ts).
  { path: 'add/:name', redirectTo: ({ params }) => `/contacts/add?name=${encodeURIComponent(String(params['name']))}` },
  { path: '**', redirectTo: '' },
];
