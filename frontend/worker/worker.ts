import { handleNotificationClick, handlePush, handleSubscriptionChange } from './push.ts';
import { isShareTarget, receiveShare } from './share.ts';

/**
 * The app's service worker: what is ours first, then Angular's, which keeps the app for a start without its server. A
 * service worker's listeners are called in the order in which they were added, so an event that is ours ends here.
 */
declare const self: ServiceWorkerGlobalScope;

self.addEventListener('fetch', event => {
  if (!isShareTarget(event.request, self.location.origin)) return;
  event.stopImmediatePropagation();
  event.respondWith(receiveShare(event.request));
});

self.addEventListener('push', event => {
  event.stopImmediatePropagation();
  handlePush(event);
});
self.addEventListener('notificationclick', event => {
  event.stopImmediatePropagation();
  handleNotificationClick(event);
});
self.addEventListener('pushsubscriptionchange', event => handleSubscriptionChange(event as ExtendableEvent));

importScripts('ngsw-worker.js');
