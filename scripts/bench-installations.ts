/** Whole installations for benchmarks: one process with SQLite, or several with MongoDB and Redis. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConversationId, DeviceId, UserId } from '#protocol/ids';
import { accessTokens } from '../backend/src/auth/tokens.ts';
import { systemClock as clock } from '../backend/src/clock.ts';
import { openSecrets } from '../backend/src/secrets/secrets.ts';
import { openSqliteStore } from '../backend/src/store/sqlite/sqlite-store.ts';
import { People, type TestDevice } from '../backend/src/testing/people.ts';
import { Processes, startProcess, type Process } from '../backend/src/testing/processes.ts';
import { TestClient } from '../backend/src/testing/test-client.ts';

/** Two contacts, each with a line: one to the first process, the other to the last. */
export type Couple = { conversationId: ConversationId; devices: Two<TestDevice>; lines: Two<TestClient> };
type Two<T> = readonly [T, T];

export type Installation = {
  name: string;
  couples: Couple[];
  /** A new line of this device, to the last process. */
  connect: (device: TestDevice) => Promise<TestClient>;
  /** CPU of all its processes since their start, in µs. */
  cpuMicros: () => Promise<number>;
  end: () => Promise<void>;
};

/** One process with SQLite, as most people run it. */
export async function embedded(count: number): Promise<Installation> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-bench-'));
  const { accessTokenKey: key } = await openSecrets(join(directory, 'secrets'));
  const store = await openSqliteStore(directory);
  const tokens = accessTokens({ key, installation: (await store.installation()).id, clock });
  const token = (userId: UserId, deviceId: DeviceId, family: number) =>
    tokens.issue({ userId, deviceId, role: 'user', family, gen: 1 });
  const people = new People({ store: () => store, now: () => clock.now(), token });
  const friends = await friendsOf(people, count);
  // The folder is one process's at a time.
  await store.close();
  const process = await startProcess({ DATA_DIR: directory, TLS: 'off', HTTP_PORT: '0', OPS_LISTEN: '127.0.0.1:0' });
  return {
    name: 'one process, SQLite',
    couples: await connected(friends, process, process),
    connect: device => lineOf(process, device),
    cpuMicros: () => cpuMicros([process]),
    end: async () => {
      process.run.process.kill('SIGTERM');
      await process.run.exit;
      await rm(directory, { recursive: true });
    },
  };
}

/** With MongoDB and Redis; of two processes each has one of every couple. */
export async function several(processCount: 1 | 2, count: number): Promise<Installation> {
  const processes = await Processes.open();
  const all = await processes.running(processCount);
  const [first, last = first] = all;
  if (!first || !last) throw new Error('no process runs');
  return {
    name: `${processCount === 1 ? 'one process' : 'two processes'}, MongoDB and Redis`,
    couples: await connected(await friendsOf(processes.people, count), first, last),
    connect: device => lineOf(last, device),
    cpuMicros: () => cpuMicros(all),
    end: () => processes.close(),
  };
}

type Friends = Omit<Couple, 'lines'>;

async function friendsOf(people: People, count: number): Promise<Friends[]> {
  const friends: Friends[] = [];
  const somebody = () => people.person(`bench-${randomUUID().slice(0, 8)}`);
  while (friends.length < count) {
    const devices = [await somebody(), await somebody()] as const;
    friends.push({ devices, conversationId: await people.befriend(...devices) });
  }
  return friends;
}

const connected = (friends: readonly Friends[], first: Process, last: Process): Promise<Couple[]> =>
  Promise.all(
    friends.map(async one => ({
      ...one,
      lines: await Promise.all([lineOf(first, one.devices[0]), lineOf(last, one.devices[1])]),
    })),
  );

async function lineOf({ http }: Process, device: TestDevice): Promise<TestClient> {
  const line = new TestClient(`ws://localhost:${String(http)}`);
  await line.hello(device.token());
  return line;
}

async function cpuMicros(processes: readonly Process[]): Promise<number> {
  const each = processes.map(async ({ ops }) => {
    const text = await (await fetch(`http://127.0.0.1:${String(ops)}/metrics`)).text();
    const seconds = (kind: string) =>
      Number(new RegExp(`^process_cpu_${kind}_seconds_total (\\S+)`, 'm').exec(text)?.[1]);
    return (seconds('user') + seconds('system')) * 1e6;
  });
  return (await Promise.all(each)).reduce((sum, one) => sum + one, 0);
}
