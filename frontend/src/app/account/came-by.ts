import { remember, remembered } from '../device/remembered';

/**
 * The invitation by which this device came in. An app that was installed from an invitation starts at it each time, for
 * ever: what has brought somebody in once must not be opened again.
 */
export const rememberArrival = (code: string): void => remember('parley-came-by', code);
export const hasComeBy = (code: string): boolean => remembered('parley-came-by') === code;
