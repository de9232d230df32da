import { SOCKET_PATH } from '#protocol/session-frames';
import type { Origins } from './origins.ts';
import { problemOf } from './problem.ts';
import { refuseUpgrade, type Upgrade } from './refuse-upgrade.ts';
import { upgradeRefusalOf, type OnRefused } from './same-origin.ts';

/** Only the signaling socket is an upgrade, called by one of our names and from one of our pages. */
export const upgradeTo =
  (origins: Origins, accept: Upgrade, onRefused: OnRefused): Upgrade =>
  (request, socket, head) => {
    const refusal = upgradeRefusalOf(request, origins);
    if (refusal !== undefined) {
      onRefused(request, refusal);
      return refuseUpgrade(socket, problemOf(refusal).status);
    }
    if (request.url?.split('?', 1)[0] !== SOCKET_PATH) return refuseUpgrade(socket, 404);
    accept(request, socket, head);
  };
