import { answered, STORAGE_MS } from './storage-state';

describe('A storage that is asked', () => {
  let outcome: string;
  const never = new Promise<never>(() => undefined);
  const settled = async (): Promise<void> => {
    for (let turns = 0; turns < 10; turns++) await Promise.resolve();
  };
  const ask = (asked: Promise<unknown>): void => {
    outcome = 'open';
    answered(asked).then(
      () => (outcome = 'answered'),
      () => (outcome = 'refused'),
    );
  };
  afterEach(() => jasmine.clock().uninstall());

  it('has refused when it has not answered in 5 s', async () => {
    jasmine.clock().install();
    ask(never);
    jasmine.clock().tick(STORAGE_MS - 1);
    await settled();
    expect(outcome).toBe('open');
    jasmine.clock().tick(1);
    await settled();
    expect(outcome).toBe('refused');
  });

  it('has not refused because the machine slept, after which every timer is due once', async () => {
    const timers = spyOn(window, 'setInterval').and.returnValue(0);
    ask(never);
    const [pass] = timers.calls.mostRecent().args as [() => void];
    pass();
    await settled();
    expect(outcome).toBe('open');
  });

  it('gives its own answer, or its own refusal', async () => {
    ask(Promise.resolve());
    await settled();
    expect(outcome).toBe('answered');
    ask(Promise.reject(new Error('blocked')));
    await settled();
    expect(outcome).toBe('refused');
  });
});
