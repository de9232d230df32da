import { openText } from '#protocol/outbox';
import { quotedData } from '#protocol/quoted';
import type { Outgoing } from './session.ts';

/** A frame as the open text that outboxes number. What goes from seat to seat is most of it, and is written by hand. */
export function frameText(frame: Outgoing): string {
  if (!('link' in frame) || frame.type === 'call.moving') return openText(frame);
  const { type, senderId, receiverId, callId, deviceId, link } = frame;
  const ids = `"senderId":"${senderId}","receiverId":"${receiverId}","callId":"${callId}","deviceId":"${deviceId}"`;
  return `{"type":"${type}",${ids},"link":${String(link)},"data":${quotedData(frame)}`;
}
