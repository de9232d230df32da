import type { Routes } from '@angular/router';
import type { Key } from '../../i18n/words';
import { NothingOpen } from '../look/nothing-open';
import { SettingsPage } from './settings-page';

const page = (path: string, title: Key, loadComponent: NonNullable<Routes[number]['loadComponent']>) => ({
  path,
  title,
  loadComponent,
  data: { detail: true },
});

export const settingsRoutes: Routes = [
  {
    path: '',
    title: 'app.settings' satisfies Key,
    component: SettingsPage,
    children: [
      { path: '', pathMatch: 'full', component: NothingOpen, data: { room: 'settings' } },
      page('profile', 'settings.profile.title', async () => (await import('./profile-page')).ProfilePage),
      page('password', 'settings.password.title', async () => (await import('./password-page')).PasswordPage),
      page('delete-account', 'settings.deletion.title', async () => (await import('./deletion-page')).DeletionPage),
      page('devices', 'settings.devices.title', async () => (await import('./devices-page')).DevicesPage),
      page(
        'devices/approve',
        'settings.devices.title',
        async () => (await import('./approve-device-page')).ApproveDevicePage,
      ),
      page('devices/lost', 'settings.devices.title', async () => (await import('./lost-device-page')).LostDevicePage),
      page('keys', 'keys.title', async () => (await import('./keys-page')).KeysPage),
      page('recovery-code', 'keys.code.title', async () => (await import('./recovery-code-page')).RecoveryCodePage),
      page('privacy', 'settings.privacy.title', async () => (await import('./privacy-page')).PrivacyPage),
      page(
        'notifications',
        'settings.notifications.title',
        async () => (await import('./notifications-page')).NotificationsPage,
      ),
      page('appearance', 'settings.appearance.title', async () => (await import('./appearance-page')).AppearancePage),
      page('storage', 'settings.storage.title', async () => (await import('./storage-page')).StoragePage),
      page('install', 'worker.install.title', async () => (await import('./install-page')).InstallPage),
      page('accounts', 'admin.title', async () => (await import('./accounts-page')).AccountsPage),
      page('about', 'settings.about.title', async () => (await import('./about-page')).AboutPage),
    ],
  },
];
