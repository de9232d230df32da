import { Component, inject } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import bell from 'lucide-static/icons/bell.svg';
import hardDrive from 'lucide-static/icons/hard-drive.svg';
import download from 'lucide-static/icons/download.svg';
import info from 'lucide-static/icons/info.svg';
import laptop from 'lucide-static/icons/laptop.svg';
import lock from 'lucide-static/icons/lock-keyhole.svg';
import logOut from 'lucide-static/icons/log-out.svg';
import palette from 'lucide-static/icons/palette.svg';
import testCall from 'lucide-static/icons/monitor-check.svg';
import usersRound from 'lucide-static/icons/users-round.svg';
import { laterWords } from '../../i18n/later-words';
import { Account } from '../account/account';
import { Avatar } from '../contacts/avatar';
import { Icon } from '../look/icon';
import { PageHeader } from '../look/page-header';
import { Panes } from '../look/panes';
import { Install } from '../worker/install';
import { Leaving } from './leaving';

/** The list of what can be set. */
@Component({
  selector: 'parley-settings-page',
  imports: [Avatar, Icon, PageHeader, Panes, RouterLink, RouterLinkActive],
  templateUrl: './settings-page.html',
  styleUrl: './settings-page.css',
})
export class SettingsPage {
  protected readonly t = laterWords();
  protected readonly me = inject(Account).me;
  protected readonly leaving = inject(Leaving);
  protected readonly install = inject(Install);
  protected readonly download = download;
  protected readonly logOut = logOut;
  protected readonly testCall = testCall;
  protected readonly accounts = usersRound;

  protected readonly pages = [
    { link: 'devices', icon: laptop, title: 'settings.devices.title' },
    { link: 'privacy', icon: lock, title: 'settings.privacy.title' },
    { link: 'notifications', icon: bell, title: 'settings.notifications.title' },
    { link: 'appearance', icon: palette, title: 'settings.appearance.title' },
    { link: 'storage', icon: hardDrive, title: 'settings.storage.title' },
    { link: 'about', icon: info, title: 'settings.about.title' },
  ] as const;
}
