/** The members of a manifest that are addresses, and relative to it until they are moved (W3C Application Manifest). */
const ADDRESSES = new Set(['id', 'scope', 'src', 'url', 'action']);

/**
 * A manifest for the same app that starts somewhere else: only `start_url` differs, so it is no second app.
 * @param text the app's manifest
 * @param base its address
 * @param start where the app that is installed from here opens first, whole
 */
export const startingAt = (text: string, base: string, start: string): string =>
  JSON.stringify(
    JSON.parse(text, (member, value: unknown) => {
      if (member === 'start_url') return start;
      // The share target names a field `url`, which is no address: all of ours have a slash.
      const isAddress = ADDRESSES.has(member) && typeof value === 'string' && value.includes('/');
      return isAddress ? new URL(value, base).href : value;
    }),
  );

/**
 * Lets an invitation survive into the app that is installed from this page: on iOS that app has a storage of its own, and
 * what it knows is the address it starts at. The manifest is made here, and the code rides behind the `#`, so that no
 * request carries it. The page's own address says the same, for a system that reads no manifest.
 * @param code of the invitation; the app starts at this page with it
 * @throws where the manifest cannot be read: the page works, and the code can be typed
 */
export async function installableWith(code: string): Promise<void> {
  const link = document.querySelector<HTMLLinkElement>('link[rel=manifest]');
  if (!link) return;
  const { origin, pathname, search } = location;
  const start = `${pathname}${search}#${encodeURIComponent(code)}`;
  const base = new URL('manifest.webmanifest', document.baseURI).href;
  const answer = await fetch(base);
  if (!answer.ok) throw new Error(`the manifest cannot be read: ${answer.status}`);
  const manifest = startingAt(await answer.text(), base, origin + start);
  history.replaceState(history.state, '', start);
  link.href = URL.createObjectURL(new Blob([manifest], { type: 'application/manifest+json' }));
}
