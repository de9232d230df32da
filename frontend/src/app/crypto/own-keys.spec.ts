import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Subject } from 'rxjs';
import { type ListRefusal } from '#protocol/crypto/device-list';
import { type DeviceId, type UserId } from '#protocol/ids';
import { err, ok } from '#protocol/result';
import { anId } from '#protocol/testing/ids';
import { StoreClosed } from '../../../crypto/store-fault.ts';
import { WorkerEnded } from '../../../crypto/watched-worker.ts';
import { Account } from '../account/account';
import { FakeSignaling } from '../signaling/testing/fake-signaling';
import { Signaling } from '../signaling/signaling';
import { ListDoubts } from './list-doubts';
import { MACHINE, OwnKeys } from './own-keys';

const CODE = '7QMK 2XAH V9TD 4RWB C6NE JZ83 PFYK 5GSA';

/** A machine that is a table of answers. */
class Scripted {
  readonly noticed = new Subject<{ userId: UserId; refusal: ListRefusal }>();
  readonly asked: string[] = [];
  readonly answers: Record<string, (input: unknown) => unknown> = {
    standing: () => 'own',
    catchUp: () => ({ events: [], refused: [], standing: this.answers['standing']!(null) }),
    plainUpTo: () => ({}),
    restore: () => ok({ imported: 0, refused: 0, left: 0 }),
    backUp: () => ok({ done: 0, left: 0 }),
    tendDehydrated: () => false,
  };
  async call(verb: string, input: unknown): Promise<unknown> {
    this.asked.push(verb);
    const answer = this.answers[verb];
    if (!answer) throw new Error(`not expected: ${verb}`);
    return answer(input);
  }
}

describe('OwnKeys', () => {
  let machine: Scripted;
  let signaling: FakeSignaling;
  let farewell: () => Promise<void>;
  let provedAs: 'right' | 'wrong';
  let replaced: DeviceId | undefined;
  let isLost: boolean;
  const wrappingKey = signal<CryptoKey | undefined>(undefined);
  const A_KEY = {} as CryptoKey;
  const keys = () => TestBed.inject(OwnKeys);

  beforeEach(() => {
    machine = new Scripted();
    signaling = new FakeSignaling();
    provedAs = 'right';
    replaced = undefined;
    isLost = false;
    wrappingKey.set(undefined);
    const account = {
      wrappingKey,
      usedWrappingKey: async () => wrappingKey.set(undefined),
      beforeSigningOut: (act: () => Promise<void>) => (farewell = act),
      address: () => ({ userId: anId('me'), deviceId: anId('device') }),
      keysOf: async () => ({ loginSecret: 'secret' }),
      keysLost: async () => void (isLost = true),
      strikeReplaced: async (strike: (id: DeviceId) => Promise<unknown>) => {
        if (replaced) await strike(replaced);
        replaced = undefined;
      },
      prove: async () => {
        if (provedAs === 'wrong') return err({ kind: 'problem', problem: { type: 'wrong-credentials' } });
        wrappingKey.set(A_KEY);
        return ok(undefined);
      },
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: Signaling, useValue: signaling },
        { provide: Account, useValue: account },
        { provide: MACHINE, useValue: async () => machine },
      ],
    });
    keys().codeWritten();
  });
  afterEach(() => keys().codeWritten());

  /** A welcome, and what comes of it. */
  async function welcomed(): Promise<void> {
    signaling.live('me');
    TestBed.tick();
    await keys().settled();
  }

  it('catches up at each welcome and where the server says that something waits, and tells of it', async () => {
    let came = 0;
    keys().came.subscribe(() => came++);
    await welcomed();
    expect([keys().state(), keys().plain(), came]).toEqual(['own', {}, 1]);
    signaling.frames.next({ type: 'keys.state', state: {}, ack: 0 });
    await keys().settled();
    expect(came).toBe(2);
    expect(machine.asked.filter(verb => verb === 'standing').length)
      .withContext('asked with each session')
      .toBe(1);
  });

  it('makes the identity of a person who has none with the password that was typed, and owes them the code', async () => {
    let isMade = false;
    machine.answers['standing'] = () => (isMade ? 'own' : 'none');
    machine.answers['join'] = input => {
      expect(input).toEqual({ wrappingKey: A_KEY });
      expect(localStorage.getItem('parley.code-owed')).withContext('where the page ends now').not.toBeNull();
      isMade = true;
      return ok(CODE);
    };
    await welcomed();
    expect([keys().state(), keys().plain(), keys().owedCode()]).toEqual(['none', 'everywhere', null]);
    wrappingKey.set(A_KEY);
    TestBed.tick();
    await keys().settled();
    expect([keys().state(), keys().owedCode()]).toEqual(['own', { code: CODE }]);
    expect(wrappingKey()).withContext('the key was used').toBeUndefined();
  });

  it('opens the secrets on a new device, and says so where another password has locked them', async () => {
    let opens: unknown = err('not-opened');
    machine.answers['standing'] = () => (opens === null ? 'own' : 'locked');
    machine.answers['openSecrets'] = machine.answers['join'] = () => opens ?? ok(null);
    await welcomed();
    expect(await keys().unlock('old')).toEqual(err('other-password'));
    expect([keys().state(), keys().hasOpened()]).toEqual(['locked', false]);
    provedAs = 'wrong';
    expect(await keys().unlock('wrong')).toEqual(err('wrong-password'));
    opens = err('checksum');
    expect(await keys().recover('7QMK')).toEqual(err('wrong-code'));
    opens = null;
    expect(await keys().recover(CODE)).toEqual(ok(null));
    expect(machine.asked.at(machine.asked.lastIndexOf('openSecrets') + 2))
      .withContext('locked with the password of now')
      .toBe('join');
    expect(wrappingKey()).withContext('the key was used').toBeUndefined();
    expect([keys().state(), keys().hasOpened()]).toEqual(['own', true]);
  });

  it('begins anew only with the right password, and owes another code', async () => {
    let standing = 'locked';
    machine.answers['standing'] = () => standing;
    machine.answers['join'] = () => (standing === 'own' ? ok(null) : err('not-opened'));
    machine.answers['makeIdentity'] = input => {
      expect(input).toEqual({ wrappingKey: A_KEY, loginSecret: 'secret' });
      standing = 'own';
      return CODE;
    };
    provedAs = 'wrong';
    expect(await keys().startNew('wrong')).toEqual(err('wrong-password'));
    provedAs = 'right';
    expect(await keys().startNew('right')).toEqual(ok(null));
    expect(keys().owedCode()).toEqual({ code: CODE });
  });

  it('begins anew on a device that has its keys once the backup was read to its end', async () => {
    let left = 2;
    machine.answers['restore'] = () => ok({ imported: 1, refused: 0, left: left > 0 ? left-- : 0 });
    machine.answers['makeIdentity'] = () => {
      expect(left).toBe(0);
      return CODE;
    };
    machine.answers['join'] = () => ok(null);
    await welcomed();
    expect(await keys().startNew('right')).toEqual(ok(null));
    expect(keys().owedCode()).toEqual({ code: CODE });
  });

  it('goes on, or takes back, where a new beginning broke off, and owes a code that nobody has seen', async () => {
    machine.answers['makeIdentity'] = () => Promise.reject(new Error('the page has ended'));
    machine.answers['join'] = input => {
      expect(input).toEqual({ wrappingKey: A_KEY });
      return ok(null);
    };
    await welcomed();
    expect(await keys().startNew('right')).toEqual(err('no-answer'));
    expect(machine.asked.slice(machine.asked.indexOf('makeIdentity'))).toContain('join');
    expect([keys().state(), keys().owedCode()]).toEqual(['own', { code: null }]);
  });

  it('asks once more where the worker has ended, and says what the machine has thrown', async () => {
    let fails: Error[] = [new WorkerEnded('slow')];
    machine.answers['trustIn'] = () => {
      const error = fails.shift();
      if (error) throw error;
      return 'pinned';
    };
    expect(await keys().ask('trustIn', anId('other'))).toBe('pinned');
    fails = [new WorkerEnded('slow'), new WorkerEnded('slow')];
    await expectAsync(keys().ask('trustIn', anId('other'))).toBeRejectedWithError(WorkerEnded);
  });

  it('tries again by itself what has failed', async () => {
    jasmine.clock().install();
    try {
      machine.answers['standing'] = () => {
        throw new Error('the server is unreachable');
      };
      await welcomed();
      expect(keys().state()).toBe('unknown');
      machine.answers['standing'] = () => 'own';
      jasmine.clock().tick(2_000);
      await keys().settled();
      expect(keys().state()).toBe('own');
    } finally {
      jasmine.clock().uninstall();
    }
  });

  it('gives the device up where its keys are lost, whether the server says so or the store, and tries nothing again', async () => {
    jasmine.clock().install();
    try {
      for (const lost of ['by the server', 'by the store']) {
        isLost = false;
        machine.answers['standing'] = () => {
          if (lost === 'by the store') throw new StoreClosed('lost');
          return 'lost';
        };
        await welcomed();
        expect(isLost).withContext(lost).toBeTrue();
        const asked = machine.asked.length;
        jasmine.clock().tick(60_000);
        await keys().settled();
        expect(machine.asked.length).withContext(lost).toBe(asked);
      }
    } finally {
      jasmine.clock().uninstall();
    }
  });

  it('says after three tries that its store does not open, gives nothing up by itself, and goes on once it opens', async () => {
    jasmine.clock().install();
    try {
      machine.answers['standing'] = () => {
        throw new StoreClosed('refused');
      };
      await welcomed();
      for (const ms of [2_000, 4_000]) {
        expect(keys().state()).toBe('unknown');
        jasmine.clock().tick(ms);
        await keys().settled();
      }
      expect([keys().state(), keys().hasOpened(), isLost]).toEqual(['closed', false, false]);
      machine.answers['standing'] = () => 'own';
      jasmine.clock().tick(8_000);
      await keys().settled();
      expect(keys().state()).toBe('own');
      await keys().beginAgain();
      expect(isLost).withContext('its person wants to').toBeTrue();
    } finally {
      jasmine.clock().uninstall();
    }
  });

  it('takes the device that this one replaces off the signed list once it is its person’s, and again where that fails', async () => {
    jasmine.clock().install();
    try {
      replaced = anId('the one before');
      let standing = 'locked';
      machine.answers['standing'] = () => standing;
      await welcomed();
      expect(machine.asked).not.toContain('removeDevices');
      standing = 'own';
      machine.answers['removeDevices'] = () => {
        throw new Error('the server is unreachable');
      };
      await welcomed();
      expect(keys().state()).withContext('nothing waits for it').toBe('own');
      const removed: unknown[] = [];
      machine.answers['removeDevices'] = ids => void removed.push(ids);
      jasmine.clock().tick(2_000);
      await keys().settled();
      expect(removed).toEqual([[anId('the one before')]]);
    } finally {
      jasmine.clock().uninstall();
    }
  });

  it('reads the backup to its end with progress, then writes what it lacks', async () => {
    const left = [2, 1, 0];
    const seen: unknown[] = [];
    machine.answers['restore'] = () => {
      seen.push(keys().restoring());
      return ok({ imported: 10, refused: 0, left: left.shift()! });
    };
    const toWrite = [1, 0];
    const done = new Promise<void>(resolve => {
      machine.answers['backUp'] = () => {
        if (toWrite.length === 1) resolve();
        return ok({ done: 1, left: toWrite.shift()! });
      };
    });
    await welcomed();
    await done;
    expect(seen).toEqual([null, { done: 1, left: 2 }, { done: 2, left: 1 }]);
    expect(toWrite).toEqual([]);
  });

  it('opens without a server what this device has keys for, and asks the server once that answers', async () => {
    machine.answers['knownStanding'] = () => 'own';
    const came = new Promise<void>(resolve => keys().came.subscribe(() => resolve()));
    signaling.status.set({ is: 'waiting', retryAt: 0, restarting: false });
    await came;
    expect([keys().state(), keys().hasOpened(), keys().plain()]).toEqual(['own', true, {}]);
    expect(machine.asked).toEqual(['knownStanding', 'plainUpTo']);
    machine.answers['standing'] = () => 'removed';
    await welcomed();
    expect(keys().state()).toBe('removed');
  });

  it('knows nothing of this device without a server where it has no keys', async () => {
    const asked = new Promise<void>(resolve => {
      machine.answers['knownStanding'] = () => (resolve(), 'locked');
    });
    keys();
    signaling.status.set({ is: 'waiting', retryAt: 0, restarting: false });
    TestBed.tick();
    await asked;
    await new Promise(resolve => setTimeout(resolve));
    expect([machine.asked, keys().state()]).toEqual([['knownStanding'], 'unknown']);
  });

  it('EE17b reads what the dehydrated device has received before it counts the backup as read', async () => {
    const seen: unknown[] = [];
    let came = 0;
    keys().came.subscribe(() => came++);
    machine.answers['tendDehydrated'] = () => {
      seen.push(keys().isRestored(), came);
      return true;
    };
    const done = new Promise<void>(resolve => {
      machine.answers['backUp'] = () => (resolve(), ok({ done: 0, left: 0 }));
    });
    await welcomed();
    await done;
    const [before, told = 0] = seen as [boolean, number];
    expect([before, keys().isRestored()]).toEqual([false, true]);
    expect(came)
      .withContext('told once for its keys, once at the end')
      .toBe(told + 2);
  });

  it('goes on where the dehydrated device cannot be read now', async () => {
    machine.answers['tendDehydrated'] = () => Promise.reject(new Error('no network'));
    const done = new Promise<void>(resolve => {
      machine.answers['backUp'] = () => (resolve(), ok({ done: 0, left: 0 }));
    });
    await welcomed();
    await done;
    expect(keys().isRestored()).toBeTrue();
  });

  it('tells of lists of devices that were refused, and not of one that is not there yet', async () => {
    const doubts = TestBed.inject(ListDoubts);
    await welcomed();
    machine.noticed.next({ userId: anId('mira'), refusal: 'missing' });
    expect(doubts.has(anId('mira'))).toBeFalse();
    machine.noticed.next({ userId: anId('mira'), refusal: 'lower-number' });
    expect([doubts.has(anId('mira')), doubts.has(anId('jonas'))]).toEqual([true, false]);
  });

  it('takes this device out of the signed list before it signs out', async () => {
    const removed: unknown[] = [];
    machine.answers['removeDevices'] = ids => void removed.push(ids);
    await welcomed();
    await farewell();
    expect(removed).toEqual([['device']]);
  });
});
