const KEY = 'parley-came-by';

/**
 * The invitation by which this device came in. An app that was installed from an invitation starts at it each time, for
 * ever: what has brought somebody in once must not be opened again.
 */
export const rememberArrival = (code: string): void => localStorage.setItem(KEY, code);
export const hasComeBy = (code: string): boolean => localStorage.getItem(KEY) === code;
