import type { Routes } from '@angular/router';
import type { Key } from '../../i18n/words';

export const callTestRoutes: Routes = [
  {
    path: '',
    title: 'call.test.title' satisfies Key,
    loadComponent: async () => (await import('./call-test-page')).CallTestPage,
  },
];
