import { nextCheck, nextProgress, UNASKED, type CheckEvent, type LiveCheck } from './live-check.ts';

/** What a page does in turn, from its loading on. */
function course(events: readonly CheckEvent[]): { check: LiveCheck; effects: string[] } {
  let check = UNASKED;
  const effects: string[] = [];
  for (const event of events) {
    const [next, made] = nextCheck(check, event);
    check = next;
    effects.push(...made.map(effect => (effect.type === 'show' ? `show ${effect.origin}` : effect.type)));
  }
  return { check, effects };
}

const seen: CheckEvent = { type: 'seen' };
const due: CheckEvent = { type: 'due' };
const unseen: CheckEvent = { type: 'unseen' };
const silent: CheckEvent = { type: 'heard', origin: null, best: false };
const address: CheckEvent = { type: 'heard', origin: 'https://192.168.1.20', best: false };
const name: CheckEvent = { type: 'heard', origin: 'https://parley-abcd.local', best: true };

describe('The live check', () => {
  it('asks when the page is seen, and again and again while nobody answers', () => {
    expect(course([seen, silent, due, silent, due]).effects).toEqual(['ask', 'rest', 'ask', 'rest', 'ask']);
  });

  it('asks once at a time: load, pageshow and becoming visible come together', () => {
    expect(course([seen, seen, due, seen]).effects).toEqual(['ask']);
  });

  it('is silent while the page is hidden, and asks at once when it is seen again', () => {
    expect(course([seen, silent, unseen, due, due, seen]).effects).toEqual(['ask', 'rest', 'ask']);
    expect(course([seen, unseen, silent, due]).effects).toEqual(['ask']);
  });

  it('shows the best origin and is done', () => {
    const { check, effects } = course([seen, name, due, seen, unseen, silent]);
    expect(effects).toEqual(['ask', 'show https://parley-abcd.local']);
    expect(check.phase).toBe('settled');
  });

  it('shows an address, and goes on asking for the name', () => {
    const { effects } = course([seen, address, due, address, due, silent, due, name]);
    const shown = effects.filter(effect => effect.startsWith('show'));
    expect(shown).toEqual(['show https://192.168.1.20', 'show https://parley-abcd.local']);
    expect(effects.filter(effect => effect === 'ask').length).toBe(4);
  });

  it('shows what is heard after the page was hidden', () => {
    expect(course([seen, unseen, address]).effects).toEqual(['ask', 'show https://192.168.1.20']);
  });
});

describe('The steps', () => {
  const helps = ['profile', 'none', 'none', 'compare', 'open'];
  const at = (reached: number, open = reached) => ({ reached, open });

  it('go on when a file is taken, and when somebody comes back from the settings', () => {
    expect(nextProgress(at(0), { type: 'done', step: 0 }, helps)).toEqual(at(1));
    expect(nextProgress(at(1), { type: 'returned' }, helps)).toEqual(at(2));
    expect(nextProgress(at(2), { type: 'returned' }, helps)).toEqual(at(3));
  });

  it('stay where the page itself is asked for something', () => {
    expect(nextProgress(at(0), { type: 'returned' }, helps)).toEqual(at(0));
    expect(nextProgress(at(3), { type: 'returned' }, helps)).toEqual(at(3));
    expect(nextProgress(at(4), { type: 'returned' }, helps)).toEqual(at(4));
  });

  it('never go back, but any of them can be looked at', () => {
    expect(nextProgress(at(3), { type: 'done', step: 0 }, helps)).toEqual(at(3));
    expect(nextProgress(at(3), { type: 'looked', step: 1 }, helps)).toEqual(at(3, 1));
    expect(nextProgress(at(3), { type: 'looked', step: 99 }, helps)).toEqual(at(3, 4));
  });

  it('are all done once the certificate is trusted', () => {
    expect(nextProgress(at(0), { type: 'trusted' }, helps)).toEqual(at(4));
    expect(nextProgress(at(0), { type: 'trusted' }, [])).toEqual(at(0));
  });
});
