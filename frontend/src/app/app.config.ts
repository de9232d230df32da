import {
  type ApplicationConfig,
  ErrorHandler,
  inject,
  provideAppInitializer,
  provideBrowserGlobalErrorListeners,
} from '@angular/core';
import {
  provideRouter,
  TitleStrategy,
  withComponentInputBinding,
  withDisabledInitialNavigation,
  withNavigationErrorHandler,
} from '@angular/router';
import { provideServiceWorker } from '@angular/service-worker';
import { provideLanguage } from '../i18n/language';
import { Account } from './account/account';
import { DATABASE_OWNER, LOCAL_TABLES } from './device/local-tables';
import { routes } from './app.routes';
import { callLogTables } from './call-log/call-log-tables';
import { chatTables } from './chat/chat-tables';
import { contactTables } from './contacts/contact-tables';
import { PageTitle } from './look/page-title';
import { deviceTables } from './settings/device-tables';
import { Install } from './worker/install';
import { OfflineStart, WORKER } from './worker/offline-start';
import { MendingErrorHandler, mendNavigation } from './worker/stale-page';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    { provide: ErrorHandler, useClass: MendingErrorHandler },
    provideRouter(
      routes,
      withComponentInputBinding(),
      withNavigationErrorHandler(mendNavigation),
      withDisabledInitialNavigation(),
    ),
    { provide: TitleStrategy, useExisting: PageTitle },
    provideLanguage(),
    provideAppInitializer(() => void inject(Install)),
    provideServiceWorker(WORKER, { registrationStrategy: () => inject(OfflineStart).registered() }),
    { provide: DATABASE_OWNER, useExisting: Account },
    // What each feature keeps on the device.
    { provide: LOCAL_TABLES, useValue: contactTables, multi: true },
    { provide: LOCAL_TABLES, useValue: chatTables, multi: true },
    { provide: LOCAL_TABLES, useValue: callLogTables, multi: true },
    { provide: LOCAL_TABLES, useValue: deviceTables, multi: true },
  ],
};
