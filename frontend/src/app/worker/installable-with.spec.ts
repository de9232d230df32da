import { installableWith, startingAt } from './installable-with';

describe('the app with an invitation', () => {
  const base = 'https://parley.local:8443/manifest.webmanifest';
  const text = JSON.stringify({
    id: '/',
    start_url: '/',
    icons: [{ src: 'icons/mark.svg' }],
    shortcuts: [{ name: 'Calls', url: '/calls' }],
    share_target: { action: '/share', params: { url: 'url' } },
  });

  it('is the same app, starting elsewhere, with whole addresses', () => {
    const start = 'https://parley.local:8443/invite#ABCDEFGHJK';
    expect(JSON.parse(startingAt(text, base, start))).toEqual({
      id: 'https://parley.local:8443/',
      start_url: start,
      icons: [{ src: 'https://parley.local:8443/icons/mark.svg' }],
      shortcuts: [{ name: 'Calls', url: 'https://parley.local:8443/calls' }],
      share_target: { action: 'https://parley.local:8443/share', params: { url: 'url' } },
    });
  });

  it('takes the place of the manifest the page came with', async () => {
    const link = document.createElement('link');
    const before = location.href;
    link.rel = 'manifest';
    link.href = 'manifest.webmanifest';
    document.head.append(link);
    spyOn(window, 'fetch').and.callFake(async () => new Response(text));
    await installableWith('ABCDE FGHJK');
    expect(location.hash).toBe('#ABCDE%20FGHJK');
    history.replaceState(null, '', before);
    (window.fetch as jasmine.Spy).and.callThrough();
    const made = (await (await fetch(link.href)).json()) as { start_url: string };
    expect(made.start_url).toBe(new URL('#ABCDE%20FGHJK', location.href).href);
    URL.revokeObjectURL(link.href);
    link.remove();
  });
});
