import { type Key } from '../../i18n/words';

/**
 * Where this browser hides the permission for camera and microphone: the way in its own words.
 *
 * @param agent `navigator.userAgent`; browsers have no better way to say which settings they show
 */
export function permissionHelp(agent: string): Key {
  if (/iPhone|iPad/.test(agent)) return 'call.permission.ios';
  if (/Android/.test(agent)) return 'call.permission.android';
  if (/Firefox\//.test(agent)) return 'call.permission.firefox';
  if (/Chrome\//.test(agent)) return 'call.permission.chrome';
  return /Safari\//.test(agent) ? 'call.permission.safari' : 'call.permission.other';
}
