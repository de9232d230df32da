import type { SharedEvent } from '../events/event.ts';
import type { Voice } from './voice.ts';

/** Tells the other processes of an event: all of them, or those that have sessions of a user. */
export function relayEvent(event: SharedEvent, { toAll, toUser }: Pick<Voice, 'toAll' | 'toUser'>): void {
  switch (event.kind) {
    case 'deliver':
      for (const { userId, ...rest } of event.deliveries) toUser(userId, { kind: 'deliver', ...rest });
      return;
    case 'devices-removed':
      return toAll({ ...event, deviceIds: [...event.deviceIds] });
    case 'retracted':
      return toAll({ ...event, users: [...event.users] });
    case 'settings-changed':
    case 'relation-changed':
    case 'marked':
    case 'push-subscribed':
      return toAll(event);
  }
}
