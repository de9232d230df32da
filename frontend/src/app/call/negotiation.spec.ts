import { type Candidates } from '#protocol/content';
import { readLinkMessage, type LinkMessage } from './link-message';
import { Negotiation } from './negotiation';
import { ScriptedConnection, settled } from './testing/scripted-connection';

/** Negotiation over a scripted connection: `said` is what it sent, `told` what its owner heard, in one order each. */
class Bench {
  readonly pc = new ScriptedConnection();
  readonly said: string[] = [];
  readonly told: string[] = [];
  readonly negotiation: Negotiation;

  constructor(role: 'polite' | 'impolite') {
    this.negotiation = new Negotiation(this.pc as unknown as RTCPeerConnection, {
      polite: role === 'polite',
      send: message => this.said.push(textOf(message)),
      offered: () => this.told.push('offered'),
      described: () => this.told.push('described'),
      broken: cause => this.told.push((cause as Error).message),
    });
  }
  /** Something is to be negotiated, and all that follows happens. */
  async need(): Promise<this> {
    this.pc.onnegotiationneeded?.({});
    await this.pc.all();
    return this;
  }
  async release(): Promise<this> {
    this.negotiation.release();
    await this.pc.all();
    return this;
  }
  /** A message arrives, and all that follows happens. */
  async hear(message: LinkMessage): Promise<this> {
    const handled = this.negotiation.receive(message);
    await this.pc.all();
    await handled;
    return this;
  }
  async restart(): Promise<this> {
    const restarted = this.negotiation.restart();
    await this.pc.all();
    await restarted;
    return this;
  }
}

const description = (type: 'offer' | 'answer', round: number, sdp = `their ${type} ${round}`): LinkMessage => ({
  type: `call.${type}`,
  data: JSON.stringify({ type, sdp, round }),
});
const offer = (round: number, sdp?: string) => description('offer', round, sdp);
const answer = (round: number, sdp?: string) => description('answer', round, sdp);
const candidates = (...lines: string[]): LinkMessage => ({
  type: 'call.ice-candidate',
  data: JSON.stringify(lines.map(candidate => ({ candidate }))),
});

/** `offer 1 (round 1)`, or the candidates. */
function textOf(message: LinkMessage): string {
  expect(readLinkMessage(message)).withContext(message.type).toBeDefined();
  const { type, data } = message;
  if (type === 'call.ice-candidate') {
    return (JSON.parse(data) as Candidates).map(({ candidate }) => candidate).join(' ');
  }
  const { sdp, round } = JSON.parse(data) as { sdp: string; round: number };
  return `${sdp} (round ${round})`;
}

/** An impolite end that was accepted and whose first offer is out. */
const caller = async () => (await new Bench('impolite').release()).need();
/** The same once it was answered. */
const connected = async () => (await caller()).hear(answer(1));
/** A polite end that has answered the first offer. */
const callee = () => new Bench('polite').hear(offer(1));

describe('negotiation of the end that calls', () => {
  it('holds its offer and hears nothing until it is accepted', async () => {
    const bench = await new Bench('impolite').need();
    await bench.hear(offer(1));
    await bench.hear(answer(1));
    await bench.hear(candidates('a'));
    expect(bench.pc.log).toEqual([]);
    await bench.release();
    expect(bench.said).toEqual(['offer 1 (round 1)']);
    await bench.release();
    expect(bench.pc.log).toEqual(['local']);
  });

  it('offers nothing where nothing is needed', async () => {
    expect((await new Bench('impolite').release()).pc.log).toEqual([]);
  });

  it('offers once what was needed while it held', async () => {
    const bench = await (await new Bench('impolite').need()).need();
    await bench.release();
    await bench.hear(answer(1));
    expect(bench.pc.log).toEqual(['local', 'remote answer their answer 1']);
  });

  it('takes the answer of its round, and tells once both ends are described', async () => {
    const bench = await caller();
    expect(bench.told).toEqual([]);
    expect(bench.negotiation.unanswered).toBeTrue();
    await bench.hear(answer(1));
    expect(bench.negotiation.unanswered).toBeFalse();
    expect(bench.told).toEqual(['described']);
    await bench.need();
    expect(bench.said).toEqual(['offer 1 (round 1)', 'offer 2 (round 2)']);
    expect(bench.told).toEqual(['described', 'described']);
  });

  it('has an offer out while it is made', async () => {
    const bench = await new Bench('impolite').release();
    expect(bench.negotiation.unanswered).toBeFalse();
    bench.pc.onnegotiationneeded?.({});
    expect(bench.negotiation.unanswered).toBeTrue();
  });

  it('drops an answer of another round, one that was not asked for, and a second one', async () => {
    const bench = await caller();
    await bench.hear(answer(0));
    await bench.hear(answer(2));
    expect(bench.pc.log).toEqual(['local']);
    void bench.negotiation.receive(answer(1));
    void bench.negotiation.receive(answer(1, 'twice'));
    await bench.pc.all();
    await bench.hear(answer(1, 'late'));
    expect(bench.pc.log).toEqual(['local', 'remote answer their answer 1']);
  });

  it('ignores an offer that meets its own, made or being made', async () => {
    const made = await (await caller()).hear(offer(1));
    expect(made.pc.log).toEqual(['local']);
    const making = await new Bench('impolite').release();
    making.pc.onnegotiationneeded?.({});
    void making.negotiation.receive(offer(1));
    await settled();
    await making.pc.all();
    expect(making.pc.log).toEqual(['local']);
    await made.hear(answer(1));
    await made.hear(offer(1));
    expect(made.said.at(-1)).toBe('answer 2 (round 1)');
  });

  it('takes an offer that comes right behind an answer', async () => {
    const bench = await caller();
    void bench.negotiation.receive(answer(1));
    void bench.negotiation.receive(offer(5));
    await settled();
    expect(bench.pc.log).toEqual(['local', 'remote answer their answer 1', 'remote offer their offer 5']);
    await bench.pc.all();
    expect(bench.said.at(-1)).toBe('answer 2 (round 5)');
  });

  it('reports an answer that cannot be set, and takes the right one afterwards', async () => {
    const bench = await (await caller()).hear(answer(1, 'broken'));
    expect(bench.told).toEqual(['broken']);
    await bench.hear(answer(1));
    expect(bench.told).toEqual(['broken', 'described']);
  });
});

describe('negotiation of the end that is called', () => {
  it('answers before it offers, and offers then what it needs', async () => {
    const bench = await new Bench('polite').need();
    expect(bench.pc.log).toEqual([]);
    await bench.hear(offer(4));
    expect(bench.said).toEqual(['answer 1 (round 4)']);
    expect(bench.told).toEqual(['offered', 'described']);
    await bench.need();
    expect(bench.said.at(-1)).toBe('offer 2 (round 1)');
  });

  it('tells of an offer when it is set and not yet answered', async () => {
    const bench = new Bench('polite');
    void bench.negotiation.receive(offer(1));
    await settled();
    expect(bench.told).toEqual([]);
    await bench.pc.next();
    expect(bench.told).toEqual(['offered']);
    expect(bench.said).toEqual([]);
  });

  it('gives its own offer up for the other one', async () => {
    const bench = await (await callee()).need();
    expect(bench.said.at(-1)).toBe('offer 2 (round 1)');
    await bench.hear(offer(2));
    expect(bench.said.at(-1)).toBe('answer 3 (round 2)');
    await bench.hear(answer(1));
    expect(bench.pc.log.at(-1)).toBe('local');
  });

  it('handles offers one after the other', async () => {
    const bench = new Bench('polite');
    void bench.negotiation.receive(offer(1));
    void bench.negotiation.receive(offer(2));
    await settled();
    expect(bench.pc.log).toEqual(['remote offer their offer 1']);
    await bench.pc.all();
    expect(bench.said).toEqual(['answer 1 (round 1)', 'answer 2 (round 2)']);
  });

  it('reports an offer that cannot be set, and handles the next', async () => {
    const bench = await new Bench('polite').hear(offer(1, 'broken'));
    expect(bench.told).toEqual(['broken']);
    expect(bench.said).toEqual([]);
    await bench.hear(offer(2));
    expect(bench.said).toEqual(['answer 1 (round 2)']);
  });

  it('reads nothing that is no message of a link', async () => {
    const bench = await new Bench('polite').hear({ type: 'call.offer', data: 'x' });
    expect(bench.pc.log).toEqual([]);
  });
});

describe('candidates', () => {
  it('of the other end wait for its description, in their order', async () => {
    const bench = await new Bench('polite').hear(candidates('a', 'b'));
    await bench.hear(candidates('c'));
    expect(bench.pc.log).toEqual([]);
    void bench.negotiation.receive(offer(1));
    await settled();
    expect(bench.pc.log).toEqual(['remote offer their offer 1', 'candidate a', 'candidate b', 'candidate c']);
    await bench.pc.all();
    await bench.hear(candidates('d'));
    expect(bench.pc.log.at(-1)).toBe('candidate d');
    await bench.hear(offer(2));
    expect(bench.pc.log.filter(entry => entry === 'candidate a').length).toBe(1);
  });

  it('that came before an answer are added with it, and those behind it at once', async () => {
    const bench = await (await caller()).hear(candidates('a'));
    expect(bench.pc.log).toEqual(['local']);
    void bench.negotiation.receive(answer(1));
    void bench.negotiation.receive(candidates('b'));
    await settled();
    expect(bench.pc.log).toEqual(['local', 'remote answer their answer 1', 'candidate a', 'candidate b']);
  });

  it('that cannot be added cost nothing else', async () => {
    const bench = await (await connected()).hear(candidates('malformed', 'a'));
    expect(bench.pc.log.slice(-2)).toEqual(['candidate malformed', 'candidate a']);
    expect(bench.told).toEqual(['described']);
  });

  it('are kept and looked at up to a limit', async () => {
    const added = (bench: Bench) => bench.pc.log.filter(entry => entry.startsWith('candidate')).length;
    const twenty = candidates(...Array.from({ length: 20 }, (_, n) => `c${n}`));
    const early = new Bench('polite');
    await early.hear(candidates('first'));
    for (let n = 0; n < 6; n++) await early.hear(twenty);
    await early.hear(offer(1));
    expect(added(early)).toBe(100);
    const late = await connected();
    for (let n = 0; n < 101; n++) await late.hear(twenty);
    expect(added(late)).toBe(2_000);
  });

  it('are handed on with all they say', async () => {
    const bench = await connected();
    const add = spyOn(bench.pc, 'addIceCandidate').and.callThrough();
    const whole = { candidate: 'a', sdpMid: '0', sdpMLineIndex: 1, usernameFragment: 'f' };
    await bench.hear({ type: 'call.ice-candidate', data: JSON.stringify([whole, { candidate: 'b' }]) });
    expect(add.calls.allArgs()).toEqual([
      [whole],
      [{ candidate: 'b', sdpMid: null, sdpMLineIndex: null, usernameFragment: null }],
    ]);
  });

  it('of this end leave before the next description', async () => {
    const bench = await connected();
    bench.pc.onicecandidate?.({ candidate: { candidate: 'own' } });
    await bench.need();
    expect(bench.said).toEqual(['offer 1 (round 1)', 'own', 'offer 2 (round 2)']);
  });
});

describe('a restart of ICE', () => {
  it('is asked of the connection, which offers', async () => {
    const bench = await (await connected()).restart();
    expect(bench.pc.log.slice(2)).toEqual(['restart', 'local']);
    expect(bench.said.at(-1)).toBe('offer 2 (round 2)');
  });

  it('waits for an end that is not accepted, or has never answered', async () => {
    for (const role of ['polite', 'impolite'] as const) {
      expect((await new Bench(role).restart()).pc.log).toEqual([]);
    }
  });

  it('says the first offer again, with what was gathered since', async () => {
    const bench = await caller();
    bench.pc.onicecandidate?.({ candidate: { candidate: 'own' } });
    bench.pc.localDescription = { type: 'offer', sdp: 'offer 1, gathered' };
    await bench.restart();
    expect(bench.said).toEqual(['offer 1 (round 1)', 'offer 1, gathered (round 1)']);
    await bench.hear(answer(1));
    await bench.need();
    expect(bench.said.slice(2)).toEqual(['offer 2 (round 2)']);
  });

  it('rolls a later offer back, whose answer is then one of another round', async () => {
    const bench = await (await connected()).need();
    await bench.restart();
    expect(bench.pc.log.slice(3)).toEqual(['local rollback', 'restart', 'local']);
    expect(bench.said.at(-1)).toBe('offer 3 (round 4)');
    await bench.hear(answer(2));
    expect(bench.pc.log.at(-1)).toBe('local');
    await bench.hear(answer(4));
    expect(bench.pc.log.at(-1)).toBe('remote answer their answer 4');
  });
});

describe('negotiation that is closed', () => {
  it('hears nothing more, and restarts nothing', async () => {
    const bench = await connected();
    bench.pc.close();
    await bench.hear(offer(1));
    await bench.hear(candidates('a'));
    await bench.restart();
    expect(bench.pc.log.length).toBe(2);
  });

  const starts: [what: string, start: (bench: Bench) => void][] = [
    ['an offer', bench => bench.pc.onnegotiationneeded?.({})],
    ['an answer', bench => void bench.negotiation.receive(offer(1))],
    ['a restart', bench => void bench.negotiation.restart()],
  ];
  for (const [what, start] of starts) {
    it(`says and reports nothing of ${what} that was under way`, async () => {
      for (const steps of [0, 1, 2]) {
        const bench = await connected();
        start(bench);
        await settled();
        for (let step = 1; step < steps; step++) await bench.pc.next();
        const [said, told] = [[...bench.said], [...bench.told]];
        const last = steps > 0 && bench.pc.isBusy ? bench.pc.next() : undefined;
        bench.pc.close();
        await last;
        await bench.pc.all();
        expect(bench.said).toEqual(said);
        expect(bench.told.slice(told.length)).not.toContain('closed');
      }
    });
  }

  it('reports no answer that fails for it', async () => {
    const bench = await caller();
    void bench.negotiation.receive(answer(1, 'broken'));
    bench.pc.close();
    await bench.pc.all();
    expect(bench.told).toEqual([]);
  });

  it('lets go of the connection and of what waits', async () => {
    const bench = await new Bench('polite').hear(candidates('a'));
    bench.pc.onicecandidate?.({ candidate: { candidate: 'own' } });
    bench.negotiation.close();
    expect([bench.pc.onnegotiationneeded, bench.pc.onicecandidate]).toEqual([null, null]);
    await bench.hear(offer(1));
    expect(bench.said).toEqual(['answer 1 (round 1)']);
    expect(bench.pc.log.filter(entry => entry.startsWith('candidate'))).toEqual([]);
  });
});

describe('a connection that fails', () => {
  it('reports an offer and a rollback that it refuses', async () => {
    const bench = await new Bench('impolite').release();
    spyOn(bench.pc, 'setLocalDescription').and.rejectWith(new Error('no offer'));
    await bench.need();
    expect(bench.told).toEqual(['no offer']);
    expect(bench.negotiation.unanswered).toBeFalse();
    const other = await (await connected()).need();
    spyOn(other.pc, 'setLocalDescription').and.returnValues(
      Promise.reject(new Error('no rollback')),
      Promise.resolve(),
    );
    await other.restart();
    expect(other.told).toContain('no rollback');
  });

  it('reports no rollback that fails because it is closed, and is not restarted then', async () => {
    for (const isUnderWay of [true, false]) {
      const bench = await (await connected()).need();
      const restarted = bench.negotiation.restart();
      const step = isUnderWay ? undefined : bench.pc.next();
      bench.pc.close();
      await step;
      await bench.pc.all();
      await restarted;
      expect(bench.told).toEqual(['described', 'described']);
      expect(bench.pc.log).not.toContain('restart');
    }
  });
});
