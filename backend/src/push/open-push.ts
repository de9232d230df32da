import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Store } from '../store/store.ts';
import type { Timers } from '../timers.ts';
import { isPublicDomain } from '../variables.ts';
import { createPost } from './post.ts';
import { createPushHosts } from './push-hosts.ts';
import { Push, type PushDeps } from './push.ts';
import { vapidKeys } from './vapid.ts';

export type OpenPushOptions = {
  config: Pick<Config, 'pushContact' | 'publicOrigin' | 'pushHosts' | 'pushNames'>;
  store: Store;
  secrets: Pick<Secrets, 'vapidKey'>;
  log: Logger;
  clock: Clock;
  timers: Timers;
  sessionMs: PushDeps['sessionMs'];
  /** Further roots that push services are trusted by, as PEM. */
  ca?: string | undefined;
};

/** Somebody must be named, and nobody is by this one (RFC 2606, 3). */
const EXAMPLE = 'https://example.org/parley';
const NO_CONTACT =
  'PUSH_CONTACT is not set: push services are told an example address, and one that cannot write to whoever sends may refuse ' +
  "to be asked, Apple's above all. Set it to an address of yours, as mailto:you@your.domain or https://your.domain.";

/** Web Push with this installation's own keys (RFC 8030, 8291, 8292). Subscriptions made with other keys are dropped. */
export async function openPush({ config, secrets, ca, ...deps }: OpenPushOptions): Promise<Push> {
  const hosts = createPushHosts(config.pushHosts);
  const contact = contactOf(config);
  const push = await Push.open({
    ...deps,
    hosts,
    post: createPost(hosts, ca === undefined ? {} : { ca }),
    signer: { keys: vapidKeys(secrets.vapidKey), contact: contact ?? EXAMPLE },
    names: config.pushNames === 'on',
  });
  if (contact === undefined && push.isUsed) deps.log.warn(NO_CONTACT);
  return push;
}

/** A push service may want to write to who runs this (RFC 8292, 2.1); a name of a LAN leads it nowhere, and some refuse one. */
export const contactOf = ({
  pushContact,
  publicOrigin,
}: Pick<Config, 'pushContact' | 'publicOrigin'>): string | undefined =>
  pushContact ?? (isPublicDomain(publicOrigin) ? publicOrigin : undefined);
