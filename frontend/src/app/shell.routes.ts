import type { Routes } from '@angular/router';
import { Shell } from './shell';

/** The rooms of somebody signed in. Each brings its own pages when it is first opened. */
export const shellRoutes: Routes = [
  {
    path: '',
    component: Shell,
    children: [
      { path: '', pathMatch: 'full', redirectTo: 'chats' },
      { path: 'chats', loadChildren: async () => (await import('./chat/chat.routes')).chatRoutes },
      { path: 'calls', loadChildren: async () => (await import('./call-log/call-log.routes')).callLogRoutes },
      { path: 'contacts', loadChildren: async () => (await import('./contacts/contacts.routes')).contactRoutes },
      { path: 'settings', loadChildren: async () => (await import('./settings/settings.routes')).settingsRoutes },
    ],
  },
];
