/**
 * Where site data is blocked a browser may refuse `BroadcastChannel` (HTML, 9.5) as it refuses storage. Dexie opens one while
 * its module is evaluated and would fail as a whole; where there is none it goes on without. To be called before it is loaded.
 */
export function hideRefusedChannel(): void {
  try {
    new BroadcastChannel('parley').close();
  } catch {
    Reflect.set(globalThis, 'BroadcastChannel', undefined);
  }
}
