import { noRefreshCookie } from '../auth/refresh-cookie.ts';

/**
 * `Clear-Site-Data: "cache"` (W3C Clear Site Data, 3.1): the browser drops what its http cache has of this origin. Nothing of
 * /api is stored there by this version; an earlier one allowed it.
 */
const CACHE_CLEARED = { 'Clear-Site-Data': '"cache"' };

/** The headers of an answer by which the asking device's own session ends, or which says that it is over. */
export const sessionEnded = (installationId: string): Record<string, string> => ({
  'Set-Cookie': noRefreshCookie(installationId),
  ...CACHE_CLEARED,
});
