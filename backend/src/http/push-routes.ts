import * as push from '#protocol/api/push';
import { addressKey } from '../ip-address.ts';
import { answer, done, open, refuse, signedIn } from './route.ts';

const info = signedIn(
  { method: 'get', path: '/api/push', summary: 'The key a browser subscribes to push with', answer: push.pushInfo },
  deps => answer({ publicKey: deps.push.publicKey }),
);

const subscribe = signedIn(
  { method: 'put', path: '/api/push', summary: "Set this device's push subscription", body: push.pushSubscription },
  async (deps, { who, body }) => {
    const outcome = await deps.push.subscribe(who, body);
    if (outcome === 'subscribed') {
      deps.events.say({ kind: 'push-subscribed' });
      return done();
    }
    if (outcome === 'unknown-device') return refuse('unauthorized');
    const errors = [{ path: 'endpoint', message: 'This push service is not one that is asked, or the keys are none.' }];
    return refuse('bad-request', { errors });
  },
);

const unsubscribe = signedIn(
  { method: 'delete', path: '/api/push', summary: "End this device's push subscription" },
  async (deps, { who }) => {
    await deps.push.unsubscribe(who.deviceId);
    return done();
  },
);

/** Nobody learns what the push service says: whether it works is seen on the device. */
const test = signedIn(
  { method: 'post', path: '/api/push/test', summary: 'Push a test notification to this device', budget: 'pushTests' },
  async (deps, { who }) => {
    deps.push.test(who);
    return done();
  },
);

/** From a notification: the token alone says which call and which device, and the app stays closed. */
const decline = open(
  {
    method: 'post',
    path: '/api/push/decline',
    summary: 'Decline the call of a pushed ring',
    body: push.pushDecline,
    refusals: ['not-found', 'too-many-requests'],
  },
  async (deps, { body, address }) => {
    const declining = deps.push.decline(body.token);
    if (declining !== undefined) {
      deps.events.say({ kind: 'ring-declined', device: declining.seat, callId: declining.callId });
      return done();
    }
    // What is known here costs nothing: nobody's guesses keep another at the same address from declining.
    const retryMs = await deps.budgets.take('pushDeclines', addressKey(address));
    if (retryMs > 0) return refuse('too-many-requests', { retryMs });
    return (await deps.declineElsewhere(body.token)) ? done() : refuse('not-found');
  },
);

export const pushRoutes = [info, subscribe, unsubscribe, test, decline];
