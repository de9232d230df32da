import { ICE_RESTART_MS } from '#protocol/limits';
import { LinkRestart } from './link-restart';

describe('LinkRestart', () => {
  let restarts: number;
  let watch: LinkRestart;

  beforeEach(() => {
    jasmine.clock().install();
    restarts = 0;
    watch = new LinkRestart(() => (restarts += 1));
  });
  afterEach(() => {
    watch.close();
    jasmine.clock().uninstall();
  });

  it('gives a disconnected link two seconds to come back by itself', () => {
    watch.follow('disconnected');
    jasmine.clock().tick(ICE_RESTART_MS - 1);
    watch.follow('connected');
    jasmine.clock().tick(ICE_RESTART_MS);
    expect(restarts).toBe(0);
    watch.follow('disconnected');
    jasmine.clock().tick(ICE_RESTART_MS);
    expect(restarts).toBe(1);
  });

  it('restarts at once when the link failed or the browser is online again', () => {
    watch.follow('failed');
    expect(restarts).toBe(1);
    dispatchEvent(new Event('online'));
    expect(restarts).toBe(2);
  });

  it('does nothing any more once it is closed', () => {
    watch.follow('disconnected');
    watch.close();
    jasmine.clock().tick(ICE_RESTART_MS);
    dispatchEvent(new Event('online'));
    expect(restarts).toBe(0);
  });
});
