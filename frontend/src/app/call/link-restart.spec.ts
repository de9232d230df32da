import { ICE_RESTART_MS } from '#protocol/limits';
import { LinkRestart } from './link-restart';

describe('LinkRestart', () => {
  let restarts: number;
  let stalls: number;
  let replaced: number;
  let heardAt: number;
  let watch: LinkRestart;
  const receiver = {
    getSynchronizationSources: () => (heardAt === 0 ? [] : [{ source: 1, timestamp: heardAt, rtpTimestamp: 0 }]),
  };

  beforeEach(() => {
    jasmine.clock().install().mockDate();
    spyOn(performance, 'now').and.callFake(() => Date.now());
    [restarts, stalls, replaced, heardAt] = [0, 0, 0, 0];
    const restart = () => {
      restarts += 1;
      watch.restarted();
    };
    watch = new LinkRestart({
      restart,
      replace: () => (replaced += 1),
      stalled: () => (stalls += 1),
      receivers: () => [receiver],
    });
  });
  afterEach(() => {
    watch.close();
    jasmine.clock().uninstall();
  });

  /** Media comes for so long. */
  const flow = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 50) {
      heardAt = Date.now();
      jasmine.clock().tick(50);
    }
  };
  const silence = (ms: number) => jasmine.clock().tick(ms);

  it('gives a disconnected link two seconds to come back by itself', () => {
    watch.follow('disconnected');
    silence(ICE_RESTART_MS - 1);
    watch.follow('connected');
    silence(ICE_RESTART_MS);
    expect(restarts).toBe(0);
    watch.follow('disconnected');
    silence(ICE_RESTART_MS);
    expect(restarts).toBe(1);
  });

  it('restarts at once when the link failed or the browser is online again', () => {
    watch.follow('failed');
    expect(restarts).toBe(1);
    dispatchEvent(new Event('online'));
    expect(restarts).toBe(2);
  });

  it('CA31a, CA31c doubts the socket after a second without media that is expected, once, and restarts after two', () => {
    watch.expect(true);
    flow(3_000);
    silence(900);
    expect([stalls, restarts]).toEqual([0, 0]);
    silence(400);
    expect([stalls, restarts]).toEqual([1, 0]);
    silence(1_000);
    expect([stalls, restarts]).toEqual([1, 1]);
    flow(500);
    silence(1_300);
    expect([stalls, restarts]).toEqual([2, 1]);
  });

  it('CA31b replaces a silent link as soon as the socket has come back', () => {
    watch.expect(true);
    flow(1_000);
    silence(1_300);
    expect(replaced).toBe(0);
    watch.socketReturned();
    expect([replaced, restarts]).toEqual([1, 0]);
    silence(10_000);
    expect([replaced, restarts]).withContext('it is over').toEqual([1, 0]);
  });

  it('CA31b waits for a second of silence where the socket has come back sooner', () => {
    watch.expect(true);
    flow(1_000);
    silence(200);
    watch.socketReturned();
    expect(replaced).toBe(0);
    silence(1_100);
    expect(replaced).toBe(1);
  });

  it('leaves a link alone whose media has come since', () => {
    watch.expect(true);
    flow(1_000);
    watch.socketReturned();
    flow(5_000);
    silence(1_500);
    expect([replaced, restarts]).toEqual([0, 0]);
  });

  it('tries again after four seconds when a restart has brought nothing', () => {
    watch.expect(true);
    flow(500);
    silence(2_300);
    expect(restarts).toBe(1);
    silence(3_500);
    expect(restarts).toBe(1);
    silence(1_000);
    expect(restarts).toBe(2);
  });

  it('gives a restart of the other end the same time', () => {
    watch.expect(true);
    flow(500);
    silence(1_500);
    watch.restarted();
    silence(3_500);
    expect(restarts).toBe(0);
    silence(1_000);
    expect(restarts).toBe(1);
  });

  it('takes silence for nothing where the peer sends nothing, or nothing has come yet', () => {
    watch.expect(false);
    flow(500);
    silence(10_000);
    heardAt = 0;
    watch.expect(true);
    expect([stalls, restarts]).toEqual([0, 0]);
    const other = new LinkRestart({
      restart: () => (restarts += 1),
      replace: () => (replaced += 1),
      stalled: () => (stalls += 1),
      receivers: () => [],
    });
    other.expect(true);
    watch.close();
    silence(10_000);
    expect([stalls, restarts]).toEqual([0, 0]);
    other.close();
  });

  it('does nothing any more once it is closed', () => {
    watch.expect(true);
    flow(500);
    watch.follow('disconnected');
    watch.close();
    silence(10_000);
    dispatchEvent(new Event('online'));
    expect([stalls, restarts]).toEqual([0, 0]);
  });
});
