import { Calls } from './calls.ts';
import { HAND_OVER_MS, takeMachine } from './hand-over.ts';
import { newId } from './testing/people.ts';
import { SILENCE_MS, WatchedWorker, WorkerEnded, type WorkerPort } from './watched-worker.ts';

type Act = (verb: string, input: unknown, ask: Calls['call']) => Promise<unknown>;

/** A worker on a message port, whose end does as `act` says. */
const workerOf = (act: Act): WorkerPort => workerWithin(act).port;

function workerWithin(act: Act): { port: WorkerPort; inside: Calls } {
  const { port1, port2 } = new MessageChannel();
  const inside: Calls = new Calls(port2, (verb, input) => act(verb, input, (v, i) => inside.call(v, i)));
  const terminate = () => {
    port1.close();
    port2.close();
  };
  return { port: Object.assign(port1, { onerror: null, terminate }), inside };
}

const oneMessage = (): Promise<void> =>
  new Promise(resolve => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });

/** A few turns of the loop, in which messages between ports arrive. */
const messagesArrive = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await oneMessage();
};

describe('the worker of the machine', () => {
  let clock: jasmine.Clock;
  beforeEach(() => (clock = jasmine.clock().install()));
  afterEach(() => jasmine.clock().uninstall());

  it('is opened before its first call, answers, and says what failed', async () => {
    const verbs: string[] = [];
    const worker = new WatchedWorker(
      () =>
        workerOf(async (verb, input) => {
          verbs.push(verb);
          if (verb === 'fail') throw new Error('it failed');
          return input;
        }),
      async () => undefined,
      async call => void (await call('open', {})),
    );
    expect(await worker.call('echo', { a: 1 })).toEqual({ a: 1 });
    await expectAsync(worker.call('fail', null)).toBeRejectedWithError('it failed');
    expect(verbs).toEqual(['open', 'echo', 'fail']);
    worker.end('over');
  });

  it('is ended where it owes an answer for 20 s, and the next call has a new one', async () => {
    const worker = new WatchedWorker(
      () => workerOf(verb => (verb === 'hang' ? new Promise(() => undefined) : Promise.resolve('here'))),
      async () => undefined,
      async () => undefined,
    );
    expect(await worker.call('echo', null)).toBe('here');
    clock.tick(SILENCE_MS * 2);
    const hanging = worker.call('hang', null);
    await messagesArrive();
    clock.tick(SILENCE_MS);
    await expectAsync(hanging).toBeRejectedWithError(WorkerEnded);
    expect(await worker.call('echo', null)).toBe('here');
    expect(worker.starts).toBe(2);
    worker.end('over');
  });

  it('is ended where one answer never comes, although others do', async () => {
    const worker = new WatchedWorker(
      () => workerOf(verb => (verb === 'hang' ? new Promise(() => undefined) : Promise.resolve('here'))),
      async () => undefined,
      async () => undefined,
    );
    const hanging = worker.call('hang', null);
    await messagesArrive();
    for (let i = 0; i < 3; i++) {
      clock.tick(SILENCE_MS / 4);
      expect(await worker.call('echo', null)).toBe('here');
    }
    clock.tick(SILENCE_MS / 4);
    await expectAsync(hanging).toBeRejectedWithError(WorkerEnded);
    worker.end('over');
  });

  it('is ended where it never opens, and not while it says that it waits for another tab', async () => {
    let alive: () => void = () => undefined;
    const worker = new WatchedWorker(
      () => {
        const { port, inside } = workerWithin(() => new Promise(() => undefined));
        alive = () => inside.alive();
        return port;
      },
      async () => undefined,
      async call => void (await call('open', null)),
    );
    const never = worker.call('echo', null);
    await messagesArrive();
    for (let i = 0; i < 5; i++) {
      clock.tick(SILENCE_MS / 2);
      alive();
      await messagesArrive();
    }
    expect(worker.starts).toBe(1);
    clock.tick(SILENCE_MS);
    await expectAsync(never).toBeRejectedWithError(WorkerEnded);
  });

  it('that was ended while it opened does not end the one after it, and no call waits for it', async () => {
    const opens: ((error: Error) => void)[] = [];
    const worker = new WatchedWorker(
      () => workerOf(async () => 'here'),
      async () => undefined,
      () => (opens.length > 0 ? Promise.resolve() : new Promise((_, reject) => opens.push(reject))),
    );
    const first = worker.call('echo', null);
    await messagesArrive();
    worker.end('killed');
    expect(await worker.call('echo', null)).toBe('here');
    opens[0]!(new Error('too late'));
    await expectAsync(first).toBeRejectedWithError('too late');
    expect(await worker.call('echo', null)).toBe('here');
    expect(worker.starts).toBe(2);
    worker.end('over');
  });

  it('owes nothing for what could not be said to it', async () => {
    const worker = new WatchedWorker(
      () => workerOf(async () => 'here'),
      async () => undefined,
      async () => undefined,
    );
    await expectAsync(worker.call('echo', () => undefined)).toBeRejected();
    clock.tick(SILENCE_MS * 2);
    expect(await worker.call('echo', null)).toBe('here');
    expect(worker.starts).toBe(1);
    worker.end('over');
  });

  it('may wait for the network as long as the network takes', async () => {
    let answer: (value: unknown) => void = () => undefined;
    const worker = new WatchedWorker(
      () => workerOf((_verb, _input, ask) => ask('network', null)),
      () => new Promise(resolve => (answer = resolve)),
      async () => undefined,
    );
    const waiting = worker.call('send', null);
    await messagesArrive();
    clock.tick(SILENCE_MS * 3);
    answer('sent');
    expect(await waiting).toBe('sent');
    expect(worker.starts).toBe(1);
    worker.end('over');
  });

  it('that fails, or cannot be opened, is not kept', async () => {
    let isRefused = true;
    let port: WorkerPort | undefined;
    const worker = new WatchedWorker(
      () => (port = workerOf(async () => 'here')),
      async () => undefined,
      async () => {
        if (isRefused) throw new Error('no wasm');
      },
    );
    await expectAsync(worker.call('echo', null)).toBeRejectedWithError('no wasm');
    isRefused = false;
    expect(await worker.call('echo', null)).toBe('here');
    port?.onerror?.({ message: 'out of memory' } as ErrorEvent);
    expect(await worker.call('echo', null)).toBe('here');
    expect(worker.starts).toBe(3);
    worker.end('over');
  });
});

describe('the one machine of a profile', () => {
  it('goes from one tab to the next when the first has closed it', async () => {
    const name = newId();
    const order: string[] = [];
    const first = await takeMachine(name, () => order.push('late'));
    const second = takeMachine(name, () => order.push('late'));
    await first.wanted;
    order.push('closed');
    first.release();
    const held = await second;
    order.push('opened');
    held.release();
    expect(order).toEqual(['closed', 'opened']);
  });

  it('ends at the last tab that asks, also where it asked while the one before it waited', async () => {
    const name = newId();
    const first = await takeMachine(name, () => undefined);
    const second = takeMachine(name, () => undefined);
    await first.wanted;
    const third = takeMachine(name, () => undefined);
    await messagesArrive();
    first.release();
    const held = await second;
    await held.wanted;
    held.release();
    (await third).release();
  });

  it('is waited for where the other tab does not answer: no second one is opened', async () => {
    const name = newId();
    const first = await takeMachine(name, () => undefined);
    let isOpened = false;
    const isLate = new Promise<void>(resolve => {
      void takeMachine(name, resolve).then(held => {
        isOpened = true;
        held.release();
      });
    });
    await isLate;
    expect(isOpened).toBeFalse();
    first.release();
    (await takeMachine(name, () => undefined)).release();
    expect(isOpened).toBeTrue();
    expect(HAND_OVER_MS).toBe(3_000);
  });
});
