/** What the door's address says of where somebody wanted to go, beside the first room. */
export const wantedBehind = (wanted: string): { to?: string } =>
  wanted === '/' || wanted === '/chats' ? {} : { to: wanted };

/**
 * Where to go from the door.
 * @param to as the address has it: anybody may have written it, so it leads nowhere but into the app
 */
export const insideOf = (to: string | undefined): string => (to?.startsWith('/') ? to : '/');
