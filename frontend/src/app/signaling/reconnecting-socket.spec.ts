import { Subject } from 'rxjs';
import { CLIENT_SILENCE_MS, PING_ANSWER_IN_CALL_MS, PING_ANSWER_MS } from '#protocol/limits';
import { reconnectingSocket, type LinkEvent } from './reconnecting-socket';
import { type SocketEvent } from './socket';

/** A link over sockets that a spec opens, feeds and closes by hand, on a clock that stands still. */
class Link {
  readonly sockets: Subject<SocketEvent>[] = [];
  readonly wrote: string[] = [];
  readonly events: LinkEvent[] = [];
  readonly asked: boolean[] = [];
  readonly wake = new Subject<void>();
  readonly check = new Subject<void>();
  inCall = false;
  spreadMs = 0;
  readonly abandon = new Subject<void>();
  token: () => Promise<string | null> = () => Promise.resolve('token');
  abandoned = 0;
  readonly subscription = reconnectingSocket({
    open: () => {
      const socket = new Subject<SocketEvent>();
      this.sockets.push(socket);
      return socket;
    },
    token: renew => {
      this.asked.push(renew);
      return this.token();
    },
    wake: this.wake,
    check: this.check,
    inCall: () => this.inCall,
    abandon: this.abandon,
    spreadMs: () => this.spreadMs,
    random: () => 0.5,
  });

  start(): this {
    this.subscription.subscribe(event => this.events.push(event));
    return this;
  }
  get socket(): Subject<SocketEvent> {
    return this.sockets.at(-1)!;
  }
  get last(): LinkEvent['type'] {
    return this.events.at(-1)!.type;
  }
  async open(): Promise<void> {
    await settled();
    this.socket.next({ type: 'opened', socket: { write: text => this.wrote.push(text), bye: () => undefined } });
    this.say();
  }
  say(): void {
    this.socket.next({ type: 'text', text: '{}' });
  }
  close(code: number): void {
    this.socket.next({ type: 'closed', code });
  }
}

/** Lets promises that are kept already be heard. */
const settled = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

describe('reconnecting socket', () => {
  let link: Link;
  const later = async (ms: number): Promise<void> => {
    jasmine.clock().tick(ms);
    await settled();
  };

  beforeEach(async () => {
    jasmine.clock().install().mockDate(new Date(1_000_000));
    link = new Link().start();
    await link.open();
  });
  afterEach(() => jasmine.clock().uninstall());

  it('asks for a token, opens a socket, and hands on what it says', () => {
    expect(link.asked).toEqual([false]);
    expect(link.events.map(({ type }) => type)).toEqual(['connecting', 'opened', 'text']);
  });

  it('waits with jitter that doubles while the server is away', async () => {
    const waits: number[] = [];
    for (let i = 0; i < 3; i++) {
      link.close(1006);
      const event = link.events.at(-1)!;
      if (event.type === 'waiting') waits.push(event.retryAt - Date.now());
      await later(waits.at(-1)!);
      expect(link.sockets.length).toBe(i + 2);
    }
    expect(waits).toEqual([150, 300, 600]);
  });

  it('begins anew with the shortest wait after a socket that lived', async () => {
    for (let i = 0; i < 4; i++) {
      link.close(1006);
      await later(20_000);
    }
    await link.open();
    await later(11_000);
    link.close(1006);
    expect(link.events.at(-1)).toEqual(jasmine.objectContaining({ type: 'waiting', retryAt: Date.now() + 150 }));
  });

  it('tries at once when it is woken', async () => {
    link.close(1006);
    expect(link.sockets.length).toBe(1);
    link.wake.next();
    await settled();
    expect(link.sockets.length).toBe(2);
  });

  it('refreshes its token at 4401, without waiting the first time', async () => {
    link.close(4401);
    await later(0);
    expect(link.asked).toEqual([false, true]);
  });

  it('says that the server restarts at 1012', () => {
    link.close(1012);
    expect(link.events.at(-1)).toEqual(jasmine.objectContaining({ type: 'waiting', restarting: true }));
  });

  it('P19b comes back after a restart at a moment within what the server asks for', () => {
    link.spreadMs = 8_000;
    link.close(1012);
    expect(link.events.at(-1)).toEqual(jasmine.objectContaining({ type: 'waiting', retryAt: Date.now() + 4_000 }));
  });

  it('P19c does not wait so long in a call, nor where the socket ended for another reason', async () => {
    link.spreadMs = 8_000;
    link.inCall = true;
    link.close(1012);
    expect(link.events.at(-1)).toEqual(jasmine.objectContaining({ type: 'waiting', retryAt: Date.now() + 150 }));
    link.inCall = false;
    await later(150);
    link.close(1006);
    expect(link.events.at(-1)).toEqual(jasmine.objectContaining({ type: 'waiting', retryAt: Date.now() + 300 }));
  });

  for (const [code, because] of [
    [4409, 'replaced'],
    [4406, 'outdated'],
    [1000, 'bye'],
  ] as const) {
    it(`stops for good at ${code}`, async () => {
      link.close(code);
      link.wake.next();
      await later(60_000);
      expect(link.events.at(-1)).toEqual({ type: 'stopped', because });
      expect(link.sockets.length).toBe(1);
    });
  }

  it('stops where nobody is signed in any more, and goes on trying where no token comes now', async () => {
    link.token = () => Promise.reject(new Error('no answer'));
    link.close(1006);
    await later(150);
    expect(link.last).toBe('waiting');
    link.token = () => Promise.resolve(null);
    await later(300);
    expect(link.events.at(-1)).toEqual({ type: 'stopped', because: 'signed-out' });
  });

  it('gives a socket up that has been silent for 35 s, and hears nothing of it any more', async () => {
    await later(CLIENT_SILENCE_MS - 1);
    link.say();
    await later(CLIENT_SILENCE_MS - 1);
    expect(link.last).toBe('text');
    const dead = link.socket;
    await later(1);
    expect(link.last).toBe('waiting');
    expect(dead.observed).toBeFalse();
  });

  it('gives a socket up that does not answer its ping in 4 s', async () => {
    link.check.next();
    expect(link.wrote).toEqual(['{"type":"ping"}']);
    await later(PING_ANSWER_MS);
    expect(link.last).toBe('waiting');
  });

  it('CA31a in a call gives it 1 s, and is never more than 1 s away from the next attempt', async () => {
    link.inCall = true;
    for (let failures = 0; failures < 12; failures++) {
      link.check.next();
      await later(PING_ANSWER_IN_CALL_MS);
      expect(link.last).toBe('waiting');
      await later(1_000);
      expect(link.last).toBe('connecting');
      await link.open();
    }
  });

  it('keeps a socket that answers, and asks once while it waits for the answer', async () => {
    link.check.next();
    link.check.next();
    link.say();
    await later(PING_ANSWER_MS);
    expect([link.last, link.wrote.length]).toEqual(['text', 1]);
  });

  it('gives a socket up that never opens, and one that its session calls broken', async () => {
    link.abandon.next();
    expect(link.last).toBe('waiting');
    await later(150);
    expect(link.last).toBe('connecting');
    await later(10_000);
    expect(link.last).toBe('waiting');
  });
});
