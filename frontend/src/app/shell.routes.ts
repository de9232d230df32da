import { EnvironmentInjector, inject, runInInjectionContext } from '@angular/core';
import type { Routes } from '@angular/router';
import type { Key } from '../i18n/words';
import { Call } from './call/call';
import type { CallLink } from './call/call-link';
import { CALL_NEWS } from './call/call-news';
import { CALL_CHAT, DIRECT_CHAT } from './call/call-view';
import { CALL_WORD, type WriteWord } from './call/call-word';
import { PlaceCall } from './call/place-call';
import { ArrivedNews } from './chat/arrived-news';
import { ConversationStore } from './chat/conversation-store';
import { DirectEntries } from './chat/direct-entries';
import { Posts } from './chat/posts';
import { CALL_STARTER } from './contacts/call-starter';
import { once } from './look/once';
import { Shell } from './shell';
import { Signaling } from './signaling/signaling';

/** The rooms of somebody signed in. Each brings its own pages when it is first opened. */
export const shellRoutes: Routes = [
  {
    path: '',
    component: Shell,
    providers: [
      { provide: CALL_STARTER, useExisting: PlaceCall },
      // The conversation beside a call: chat stands above the call, so it is put in from here.
      {
        provide: CALL_CHAT,
        useValue: async () => (await import('./chat/conversation-page')).ConversationPage,
      },
      {
        provide: DIRECT_CHAT,
        useFactory: () => {
          const injector = inject(EnvironmentInjector);
          // With the conversation itself: once the server is away no page of the app can be loaded any more.
          return once(async (link: CallLink) => {
            const [{ DirectChat }] = await Promise.all([
              import('./chat/direct-chat'),
              import('./chat/conversation-page'),
            ]);
            const needs = {
              call: injector.get(Call),
              link,
              posts: injector.get(Posts),
              store: injector.get(ConversationStore),
              entries: injector.get(DirectEntries),
              signaling: injector.get(Signaling),
            };
            return runInInjectionContext(injector, () => new DirectChat(needs));
          });
        },
      },
      {
        provide: CALL_WORD,
        useFactory: (): WriteWord => {
          const posts = inject(Posts);
          return (conversationId, body) => posts.write(conversationId, { kind: 'text', body });
        },
      },
      { provide: CALL_NEWS, useExisting: ArrivedNews },
    ],
    children: [
      { path: '', pathMatch: 'full', redirectTo: 'chats' },
      { path: 'chats', loadChildren: async () => (await import('./chat/chat.routes')).chatRoutes },
      { path: 'calls', loadChildren: async () => (await import('./call-log/call-log.routes')).callLogRoutes },
      {
        path: 'share',
        title: 'share.title' satisfies Key,
        loadComponent: async () => (await import('./chat/share-page')).SharePage,
      },
      {
        path: 'guest-link',
        title: 'call.guest' satisfies Key,
        loadComponent: async () => (await import('./call/guest-link-page')).GuestLinkPage,
      },
      { path: 'contacts', loadChildren: async () => (await import('./contacts/contacts.routes')).contactRoutes },
      { path: 'call-test', loadChildren: async () => (await import('./call/call-test.routes')).callTestRoutes },
      { path: 'settings', loadChildren: async () => (await import('./settings/settings.routes')).settingsRoutes },
    ],
  },
];
