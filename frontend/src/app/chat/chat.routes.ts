import type { Routes } from '@angular/router';
import type { Key } from '../../i18n/words';
import { NothingOpen } from '../look/nothing-open';
import { ChatPage } from './chat-page';

export const chatRoutes: Routes = [
  {
    path: '',
    title: 'app.chats' satisfies Key,
    component: ChatPage,
    children: [{ path: '', pathMatch: 'full', component: NothingOpen }],
  },
];
