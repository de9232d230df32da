import { type ApplicationConfig, provideBrowserGlobalErrorListeners } from '@angular/core';
import { provideRouter, TitleStrategy, withComponentInputBinding } from '@angular/router';
import { provideLanguage } from '../i18n/language';
import { LOCAL_TABLES } from './account/local-tables';
import { routes } from './app.routes';
import { callLogTables } from './call-log/call-log-tables';
import { chatTables } from './chat/chat-tables';
import { contactTables } from './contacts/contact-tables';
import { PageTitle } from './look/page-title';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideRouter(routes, withComponentInputBinding()),
    { provide: TitleStrategy, useExisting: PageTitle },
    provideLanguage(),
    // What each feature keeps on the device.
    { provide: LOCAL_TABLES, useValue: contactTables, multi: true },
    { provide: LOCAL_TABLES, useValue: chatTables, multi: true },
    { provide: LOCAL_TABLES, useValue: callLogTables, multi: true },
  ],
};
