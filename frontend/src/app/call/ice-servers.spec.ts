import { TestBed } from '@angular/core/testing';
import { type IceServers } from '#protocol/api/calls';
import { err, ok, type Result } from '#protocol/result';
import { Api } from '../account/api';
import { type Failure } from '../account/fetch-json';
import { IceServerSource, toConfiguration } from './ice-servers';

describe('toConfiguration', () => {
  it('uses the servers as they come, and any path', () => {
    const servers = [{ urls: ['stun:a.example'] }, { urls: ['turn:b.example'], username: 'u', credential: 'c' }];
    expect(toConfiguration({ iceServers: servers, relayOnly: false })).toEqual({
      iceServers: servers,
      iceTransportPolicy: 'all',
    });
  });

  it('hides addresses where it is told to relay only', () => {
    expect(toConfiguration({ iceServers: [], relayOnly: true }).iceTransportPolicy).toBe('relay');
  });
});

describe('IceServerSource', () => {
  const LIFE_MS = 60_000;
  const turn = (username: string): Result<IceServers, Failure> =>
    ok({ iceServers: [{ urls: ['turn:a.example'], username }], relayOnly: false, expiresInMs: LIFE_MS });
  const unreachable: Result<IceServers, Failure> = err({ kind: 'unreachable' });
  let answers: Result<IceServers, Failure>[];
  let used: (string | undefined)[];

  beforeEach(() => {
    jasmine.clock().install().mockDate();
    answers = [];
    used = [];
    localStorage.removeItem('parley.relay-only');
    TestBed.configureTestingModule({
      providers: [{ provide: Api, useValue: { request: () => Promise.resolve(answers.shift() ?? unreachable) } }],
    });
  });
  afterEach(() => {
    jasmine.clock().uninstall();
    localStorage.removeItem('parley.relay-only');
  });

  const follow = () =>
    TestBed.inject(IceServerSource)
      .current()
      .subscribe(({ iceServers }) => used.push(iceServers?.[0]?.username));
  /** Lets time pass, and then whatever was promised happen. */
  const pass = async (ms: number) => {
    jasmine.clock().tick(ms);
    for (let turns = 0; turns < 10; turns++) await Promise.resolve();
  };

  it('renews credentials before they expire, for as long as somebody follows', async () => {
    answers = [turn('first'), turn('second'), turn('third')];
    const following = follow();
    await pass(0);
    expect(used).toEqual(['first']);
    await pass(LIFE_MS * 0.7);
    await pass(LIFE_MS * 0.7);
    expect(used).toEqual(['first', 'second', 'third']);
    following.unsubscribe();
    answers = [turn('fourth')];
    await pass(LIFE_MS);
    expect(used).toEqual(['first', 'second', 'third']);
  });

  it('keeps what it has while nobody answers, and asks again', async () => {
    answers = [turn('first'), unreachable, unreachable, turn('second')];
    const following = follow();
    await pass(0);
    await pass(LIFE_MS * 0.7);
    await pass(10_000);
    expect(used).toEqual(['first']);
    await pass(10_000);
    expect(used).toEqual(['first', 'second']);
    following.unsubscribe();
  });

  it('lets a call be tried without servers where the first answer fails, and asks again', async () => {
    answers = [unreachable, unreachable, turn('first')];
    const following = follow();
    await pass(0);
    expect(used).toEqual([undefined]);
    await pass(10_000);
    await pass(10_000);
    expect(used).toEqual([undefined, 'first']);
    following.unsubscribe();
  });

  it('tells no address without an answer where the last one hid them', async () => {
    const source = TestBed.inject(IceServerSource);
    const policy = async () => (await source.fetch()).iceTransportPolicy;
    answers = [ok({ iceServers: [], relayOnly: true })];
    expect([await policy(), await policy()]).toEqual(['relay', 'relay']);
    answers = [ok({ iceServers: [], relayOnly: false })];
    expect([await policy(), await policy()]).toEqual(['all', 'all']);
  });

  it('tells no address where there has never been an answer', async () => {
    expect((await TestBed.inject(IceServerSource).fetch()).iceTransportPolicy).toBe('relay');
  });
});
