import { bannerOf, steadyBanner } from './banner';
import { type LinkStatus } from './signaling';

const waiting: LinkStatus = { is: 'waiting', retryAt: 0, restarting: false };

describe('banner', () => {
  it('says nothing while the link is live, or away for a moment only', () => {
    expect(bannerOf({ is: 'live' }, true, true)).toBeNull();
    expect(bannerOf({ is: 'off' }, false, true)).toBeNull();
    expect(bannerOf({ is: 'connecting' }, true, false)).toBeNull();
    expect(bannerOf(waiting, true, false)).toBeNull();
  });

  it('says at once that there is no network, and that Parley is open elsewhere or too old', () => {
    expect(bannerOf(waiting, false, false)?.words).toBe('offline');
    expect(bannerOf({ is: 'replaced' }, true, false)).toEqual({ words: 'replaced', act: 'takeBack' });
    expect(bannerOf({ is: 'outdated' }, true, false)).toEqual({ words: 'outdated', act: 'update' });
  });

  it('says after a moment what goes on by itself', () => {
    expect(bannerOf({ is: 'connecting' }, true, true)?.words).toBe('connecting');
    expect(bannerOf(waiting, true, true)).toEqual({ words: 'waiting', act: 'retry' });
    expect(bannerOf({ ...waiting, restarting: true }, true, true)?.words).toBe('restarting');
  });

  it('stays as it is through every further attempt, and goes when one is taken', () => {
    const [trying, unanswered] = [bannerOf({ is: 'connecting' }, true, true), bannerOf(waiting, true, true)];
    expect(steadyBanner(trying, null)).toBe(trying);
    expect(steadyBanner(trying, unanswered)).toBe(unanswered);
    expect(steadyBanner(null, unanswered)).toBeNull();
    expect(steadyBanner(bannerOf(waiting, false, true), unanswered)?.words).toBe('offline');
  });
});
