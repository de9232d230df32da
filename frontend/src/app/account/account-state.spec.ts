import { type AccountEvent, type AccountState, nextAccount, UNKNOWN } from './account-state';
import { someone } from './testing/server';

describe('the account state', () => {
  const me = someone();
  const known: AccountState = { is: 'offline-known', me };
  const inside: AccountState = { is: 'signed-in', me };

  it('opens with the last user before the server has answered', () => {
    expect(nextAccount(UNKNOWN, { type: 'loaded', me })).toEqual(known);
    expect(nextAccount(UNKNOWN, { type: 'loaded', me: undefined })).toEqual({ is: 'signed-out' });
  });

  it('is signed in once a token came', () => {
    expect(nextAccount(known, { type: 'renewed' })).toEqual(inside);
  });

  it('ends only by a refusal or by leaving', () => {
    const others: AccountEvent[] = [
      { type: 'loaded', me: undefined },
      { type: 'renewed' },
      { type: 'entered', me },
      { type: 'changed', me },
    ];
    for (const event of others) {
      expect(nextAccount(inside, event).is).withContext(event.type).toBe('signed-in');
    }
    expect(nextAccount(inside, { type: 'refused' })).toEqual({ is: 'signed-out' });
    expect(nextAccount(known, { type: 'left' })).toEqual({ is: 'signed-out' });
  });

  it('is not woken by a renewal that comes after the end', () => {
    expect(nextAccount({ is: 'signed-out' }, { type: 'renewed' })).toEqual({ is: 'signed-out' });
  });

  it('knows a changed profile', () => {
    const renamed = { ...me, displayName: 'Noor H.' };
    expect(nextAccount(known, { type: 'changed', me: renamed })).toEqual({ is: 'offline-known', me: renamed });
    expect(nextAccount({ is: 'signed-out' }, { type: 'changed', me: renamed })).toEqual({ is: 'signed-out' });
  });
});
