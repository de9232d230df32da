import { createHash } from 'node:crypto';
import webPush from 'web-push';
import { writePushPayload, type PushPayload } from '#protocol/push-payload';
import type { PushRow } from '../store/push.ts';
import type { PushRequest } from './post.ts';
import type { VapidKeys } from './vapid.ts';

/** How a push service is to treat a message (RFC 8030, 5.2 to 5.4). */
export type Treatment = {
  urgency: 'high' | 'normal';
  /** How long it may wait for the device, in s; 0 is now or never. */
  ttl: number;
  /** What it replaces while it waits. */
  tag?: string;
};

/** Who signs, and whom a push service may write to about it. */
export type Signer = { keys: VapidKeys; contact: string };

/** A payload as the push service gets it: encrypted for the device (RFC 8291) and signed (RFC 8292). */
export function encrypted(
  { keys, contact }: Signer,
  { endpoint, p256dh, auth }: Pick<PushRow, 'endpoint' | 'p256dh' | 'auth'>,
  payload: PushPayload,
  { urgency, ttl, tag }: Treatment,
): PushRequest {
  const subscription = { endpoint, keys: { p256dh, auth } };
  const details = webPush.generateRequestDetails(subscription, writePushPayload(payload), {
    vapidDetails: { subject: contact, ...keys },
    urgency,
    TTL: ttl,
    ...(tag === undefined ? {} : { topic: topicOf(tag, auth) }),
  });
  const headers = Object.entries(details.headers).map(([name, value]) => [name, String(value)] as const);
  return { endpoint, headers: Object.fromEntries(headers), body: details.body ?? Buffer.alloc(0) };
}

/** A topic that tells the push service nothing: two devices' topics of one conversation have nothing in common. */
const topicOf = (tag: string, auth: string): string =>
  createHash('sha256').update(`${auth} ${tag}`).digest('base64url').slice(0, 32);
