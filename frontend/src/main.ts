import { createApplication } from '@angular/platform-browser';
import { Router } from '@angular/router';
import { App } from './app/app';
import { appConfig } from './app/app.config';
import { hideRefusedChannel } from './app/device/refused-channel';
import { fetchFirstPage } from './app/first-page';

/** Between two parts of the start the browser may draw, and answer a finger. */
const pause = (): Promise<void> => new Promise(resolve => setTimeout(resolve));

hideRefusedChannel();
void fetchFirstPage();
await pause();
const app = await createApplication(appConfig);
await pause();
app.bootstrap(App);
await pause();
app.injector.get(Router).initialNavigation();
