import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Store } from '../store/store.ts';
import type { Timers } from '../timers.ts';
import { createPost } from './post.ts';
import { createPushHosts } from './push-hosts.ts';
import { Push, type PushDeps } from './push.ts';
import { vapidKeys } from './vapid.ts';

export type OpenPushOptions = {
  config: Pick<Config, 'pushContact' | 'pushHosts' | 'pushNames'>;
  store: Store;
  secrets: Pick<Secrets, 'vapidKey'>;
  log: Logger;
  clock: Clock;
  timers: Timers;
  sessionMs: PushDeps['sessionMs'];
  /** Further roots that push services are trusted by, as PEM. */
  ca?: string | undefined;
};

/** Web Push with this installation's own keys (RFC 8030, 8291, 8292). Subscriptions made with other keys are dropped. */
export function openPush({ config, secrets, ca, ...deps }: OpenPushOptions): Promise<Push> {
  const hosts = createPushHosts(config.pushHosts);
  return Push.open({
    ...deps,
    hosts,
    post: createPost(hosts, ca === undefined ? {} : { ca }),
    signer: { keys: vapidKeys(secrets.vapidKey), contact: config.pushContact },
    names: config.pushNames === 'on',
  });
}
