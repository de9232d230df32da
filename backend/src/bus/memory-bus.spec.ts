import { systemTimers } from '../timers.ts';
import { describeBus } from './bus.contract.ts';
import { MemoryHub } from './memory-bus.ts';

describeBus('a bus in memory', async () => {
  const hub = new MemoryHub(systemTimers);
  const [one, other] = [hub.connect(), hub.connect()];
  return {
    one,
    other,
    interrupt: async () => {
      other.set(false);
      await one.publish('a', 'during');
      other.set(true);
    },
    dispose: async () => {
      await one.close();
      await other.close();
    },
  };
});
