import type { Routes } from '@angular/router';
import type { Key } from '../../i18n/words';
import { ChatPage } from './chat-page';

const title = 'app.chats' satisfies Key;

export const chatRoutes: Routes = [
  {
    path: '',
    title,
    component: ChatPage,
    children: [
      {
        path: '',
        pathMatch: 'full',
        loadComponent: async () => (await import('../look/nothing-open')).NothingOpen,
        data: { room: 'chats' },
      },
      {
        path: ':id',
        title,
        data: { detail: true },
        loadComponent: async () => (await import('./conversation-page')).ConversationPage,
      },
    ],
  },
];
