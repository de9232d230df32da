/** Shows what a push message says (Push API, 9). Nothing is pushed yet. */
export function handlePush(_event: PushEvent): void {}

/** Follows a tap on a notification, or on one of its buttons (Notifications API, 2.7). */
export function handleNotificationClick(event: NotificationEvent): void {
  event.notification.close();
}
