import { randomUUID } from 'node:crypto';
import { EventHub, type Events } from '../events/event-hub.ts';
import { TOPICS } from './bus-messages.ts';
import type { Bus } from './bus.ts';
import { relayEvent } from './relay-event.ts';

/**
 * What a command of the terminal has done, said to the processes that run while the one it belongs to does not.
 * `said` resolves when they could all have been told.
 */
export function eventsElsewhere(bus: Bus): { events: Events; said: () => Promise<void> } {
  const from = randomUUID();
  const saying: Promise<unknown>[] = [];
  const events = new EventHub();
  const say = (topic: string, message: object) =>
    void saying.push(bus.publish(topic, JSON.stringify({ ...message, from })));
  events.relayTo(event =>
    relayEvent(event, {
      toAll: message => say(TOPICS.everybody, message),
      toUser: (userId, message) => say(TOPICS.user(userId), message),
    }),
  );
  return { events, said: async () => void (await Promise.all(saying)) };
}
