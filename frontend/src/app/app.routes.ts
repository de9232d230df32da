import type { Routes } from '@angular/router';
import type { Key } from '../i18n/words';
import { forSignedIn, forSignedOut, hasLostKeys, isSignedOut } from './account/guards';

/** The doors are small and first; the app behind them comes when somebody is in. */
export const routes: Routes = [
  {
    path: 'sign-in',
    title: 'account.signIn.title' satisfies Key,
    canMatch: [hasLostKeys],
    canActivate: [forSignedOut],
    loadComponent: async () => (await import('./account/keys-lost-page')).KeysLostPage,
  },
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
  // Somebody new comes by these two; somebody who is in becomes a contact, or the admin (contacts/, settings/).
  {
    path: 'invite',
    title: 'account.signUp.title' satisfies Key,
    canMatch: [isSignedOut],
    loadComponent: async () => (await import('./account/sign-up-page')).SignUpPage,
  },
  {
    path: 'set-up',
    title: 'account.signUp.title' satisfies Key,
    canMatch: [isSignedOut],
    loadComponent: async () => (await import('./account/sign-up-page')).SignUpPage,
  },
  {
    path: 'invite',
    title: 'invitations.accept.title' satisfies Key,
    loadComponent: async () => (await import('./contacts/accept-invitation-page')).AcceptInvitationPage,
  },
  {
    path: 'set-up',
    title: 'invitations.claim.title' satisfies Key,
    loadComponent: async () => (await import('./account/claim-page')).ClaimPage,
  },
  {
    path: 'reset',
    title: 'invitations.reset.title' satisfies Key,
    loadComponent: async () => (await import('./account/reset-page')).ResetPage,
  },
  {
    path: 'guest',
    title: 'call.guest' satisfies Key,
    loadComponent: async () => (await import('./call/guest-page')).GuestPage,
  },
  { path: '', canMatch: [forSignedIn], loadChildren: async () => (await import('./shell.routes')).shellRoutes },
  // The link by which somebody is found (contacts/own-link.ts).
  { path: 'add/:name', redirectTo: ({ params }) => `/contacts/add?name=${encodeURIComponent(String(params['name']))}` },
  { path: '**', redirectTo: '' },
];
