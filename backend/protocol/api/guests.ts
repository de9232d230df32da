import * as z from 'zod/mini';
import { person } from '#protocol/api/account';
import { doorProof } from '#protocol/call-frames';
import { displayName } from '#protocol/display-name';
import { callId, deviceId, userId } from '#protocol/ids';

/** POST /api/guest/look: the link of a call, and what shows that one has it. It travels in a body, never in an address. */
export const shownLink = z.strictObject({ callId, door: doorProof });
/** The host of a link; `taken`: another guest rings by this link, or is in its call. */
export const openedLink = z.object({ host: person, is: z.enum(['open', 'taken']) });
export type OpenedLink = z.infer<typeof openedLink>;

/** POST /api/guest/knock */
export const knock = z.strictObject({ ...shownLink.shape, name: displayName });
/** Who a guest is in this call and nowhere else; the token opens a socket and nothing else. */
export const admitted = z.object({ token: z.string(), userId, deviceId, host: person });
export type Admitted = z.infer<typeof admitted>;

/** POST /api/guest/ice-servers */
export const guestAsks = z.strictObject({ token: z.string().check(z.minLength(1), z.maxLength(2048)) });
