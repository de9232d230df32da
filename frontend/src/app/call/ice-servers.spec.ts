import { TestBed } from '@angular/core/testing';
import { type IceServers } from '#protocol/ice-servers';
import { type CallId } from '#protocol/ids';
import { err, ok, type Result } from '#protocol/result';
import { Subject } from 'rxjs';
import { anId } from '#protocol/testing/ids';
import { Api } from '../account/api';
import { type Failure } from '../account/fetch-json';
import { type Heard } from '../signaling/said';
import { Signaling } from '../signaling/signaling';
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
  const callId = anId<CallId>('c');
  const servers = (username: string, relayOnly = false): IceServers => ({
    iceServers: [{ urls: ['turn:a.example'], username }],
    relayOnly,
    expiresInMs: LIFE_MS,
  });
  const turn = (username: string): Result<IceServers, Failure> => ok(servers(username));
  const unreachable: Result<IceServers, Failure> = err({ kind: 'unreachable' });
  let frames: Subject<Heard>;
  let asked: unknown[];
  let answers: Result<IceServers, Failure>[];
  let used: (string | undefined)[];
  let source: IceServerSource;

  beforeEach(() => {
    jasmine.clock().install().mockDate();
    [asked, answers, used] = [[], [], []];
    frames = new Subject();
    localStorage.removeItem('parley.relay-only');
    const request = (method: string, path: string, { body }: { body: unknown }) => {
      asked.push([method, path, body]);
      return Promise.resolve(answers.shift() ?? unreachable);
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: Api, useValue: { request } },
        { provide: Signaling, useValue: { frames } },
      ],
    });
    source = TestBed.inject(IceServerSource);
  });
  afterEach(() => {
    jasmine.clock().uninstall();
    localStorage.removeItem('parley.relay-only');
  });

  const follow = () => source.current(callId).subscribe(({ iceServers }) => used.push(iceServers?.[0]?.username));
  const rings = (told: IceServers, of = callId) =>
    frames.next({ type: 'call.ringing', callId: of, devices: 0, servers: told } as unknown as Heard);
  /** Lets time pass, and then whatever was promised happen. */
  const pass = async (ms: number) => {
    jasmine.clock().tick(ms);
    for (let turns = 0; turns < 10; turns++) await Promise.resolve();
  };

  it('uses what the frames of its call bring, without asking', async () => {
    rings(servers('another'), anId<CallId>('d'));
    rings(servers('first'));
    const following = follow();
    await pass(3_000);
    expect([used, asked]).toEqual([['first'], []]);
    following.unsubscribe();
  });

  it('TU11b renews credentials before they expire, for as long as they are followed', async () => {
    rings(servers('first'));
    answers = [turn('second'), turn('third')];
    const following = follow();
    await pass(LIFE_MS * 0.7);
    expect(asked).toEqual([['POST', '/api/ice-servers', { for: 'call', callId }]]);
    await pass(LIFE_MS * 0.7);
    expect(used).toEqual(['first', 'second', 'third']);
    following.unsubscribe();
    answers = [turn('fourth')];
    await pass(LIFE_MS);
    expect(used).toEqual(['first', 'second', 'third']);
  });

  it('keeps what it has while nobody answers, and asks again', async () => {
    rings(servers('first'));
    answers = [unreachable, unreachable, turn('second')];
    const following = follow();
    await pass(LIFE_MS * 0.7);
    await pass(10_000);
    expect(used).toEqual(['first']);
    await pass(10_000);
    expect(used).toEqual(['first', 'second']);
    following.unsubscribe();
  });

  it('lets a call be tried without servers where none are told in time, and asks for them', async () => {
    answers = [unreachable, turn('first')];
    const following = follow();
    await pass(2_999);
    expect(used).toEqual([]);
    await pass(1);
    expect(used).toEqual([undefined]);
    await pass(10_000);
    expect(used).toEqual([undefined, 'first']);
    following.unsubscribe();
  });

  it('asks for a test call by itself', async () => {
    answers = [turn('test')];
    expect((await source.fetch()).iceServers?.[0]?.username).toBe('test');
    expect(asked).toEqual([['POST', '/api/ice-servers', { for: 'test' }]]);
  });

  it('tells no address without an answer where the last one hid them', async () => {
    const policy = async () => (await source.fetch()).iceTransportPolicy;
    answers = [ok(servers('a', true))];
    expect([await policy(), await policy()]).toEqual(['relay', 'relay']);
    rings(servers('b'));
    expect(await policy()).toBe('all');
  });

  it('tells no address where there has never been an answer', async () => {
    expect((await source.fetch()).iceTransportPolicy).toBe('relay');
  });
});
