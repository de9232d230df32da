import { TestBed } from '@angular/core/testing';
import { Access, NoAnswer } from './access';
import { REFRESH, type Renewal } from './refresh';
import { identityOf } from './testing/server';

describe('Access', () => {
  let renewals: ((renewal: Renewal) => void)[];
  let access: Access;

  beforeEach(() => {
    renewals = [];
    const refresh = () => new Promise<Renewal>(resolve => renewals.push(resolve));
    TestBed.configureTestingModule({ providers: [{ provide: REFRESH, useValue: refresh }] });
    access = TestBed.inject(Access);
  });

  it('has no token where nobody is signed in', async () => {
    expect(await access.token()).toBeNull();
    expect(renewals.length).toBe(0);
  });

  it('gives the token that came with the sign-in without asking', async () => {
    access.use(identityOf(), { text: 'first', expiresInMs: 600_000 });
    expect(await access.token()).toBe('first');
    expect(renewals.length).toBe(0);
  });

  it('asks once for all who wait', async () => {
    access.use(identityOf());
    const waiting = [access.token(), access.token(), access.token(true)];
    expect(renewals.length).toBe(1);
    renewals[0]!({ token: 'second', expiresInMs: 600_000 });
    expect(await Promise.all(waiting)).toEqual(['second', 'second', 'second']);
    expect(access.outcome()).toBe('renewed');
  });

  it('renews when two thirds of its life are over, and when somebody finds it stale', async () => {
    access.use(identityOf(), { text: 'short-lived', expiresInMs: 0 });
    const renewed = access.token();
    renewals[0]!({ token: 'fresh', expiresInMs: 600_000 });
    expect(await renewed).toBe('fresh');
    const asked = access.token(true);
    renewals[1]!({ token: 'fresher', expiresInMs: 600_000 });
    expect(await asked).toBe('fresher');
  });

  it('rejects without an answer, which says nothing about who is signed in', async () => {
    access.use(identityOf());
    const asked = access.token();
    renewals[0]!('no-answer');
    await expectAsync(asked).toBeRejectedWithError(NoAnswer);
    expect(access.outcome()).toBe('none');
    const again = access.token();
    renewals[1]!({ token: 'back', expiresInMs: 600_000 });
    expect(await again).toBe('back');
  });

  it('ends by a refusal', async () => {
    access.use(identityOf(), { text: 'old', expiresInMs: 0 });
    const asked = access.token();
    renewals[0]!('refused');
    expect(await asked).toBeNull();
    expect(access.outcome()).toBe('refused');
    expect(await access.token()).toBeNull();
    expect(renewals.length).toBe(1);
  });

  it('forgets a renewal that comes after somebody else has signed in', async () => {
    access.use(identityOf());
    const asked = access.token();
    access.use(identityOf(), { text: 'theirs', expiresInMs: 600_000 });
    renewals[0]!({ token: 'mine', expiresInMs: 600_000 });
    expect(await asked).toBe('theirs');
  });
});
