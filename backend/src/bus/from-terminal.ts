import { randomUUID } from 'node:crypto';
import type { Live } from '../auth/administration.ts';
import { TOPICS } from './bus-messages.ts';
import type { Bus } from './bus.ts';
import type { ToEverybody, ToUser } from './voice.ts';

/**
 * What a command of the terminal has done, said to the processes that run while the one it belongs to does not.
 * `said` resolves when they could all have been told.
 */
export function liveElsewhere(bus: Bus): { live: Live; said: () => Promise<void> } {
  const from = randomUUID();
  const saying: Promise<unknown>[] = [];
  const say = (topic: string, message: ToEverybody | ToUser) =>
    void saying.push(bus.publish(topic, JSON.stringify({ ...message, from })));
  return {
    live: {
      deliver: deliveries => {
        for (const { userId, ...rest } of deliveries) say(TOPICS.user(userId), { kind: 'deliver', ...rest });
      },
      endDevices: deviceIds => say(TOPICS.everybody, { kind: 'end', deviceIds: [...deviceIds] }),
      relationChanged: change => say(TOPICS.everybody, { kind: 'relation', change }),
    },
    said: async () => void (await Promise.all(saying)),
  };
}
