import { has, OverlayCall, pressable } from './testing/overlay-call';
import { shown } from './testing/overlay';
import { until } from './testing/until';

describe('declining with a word', () => {
  let talk: OverlayCall;
  beforeEach(async () => {
    talk = await OverlayCall.open();
  });
  afterEach(() => talk.close());

  async function ring(): Promise<void> {
    await talk.ring();
    // Their code is fetched once the ring is drawn.
    await until('the answers are drawn', () => has('parley-not-now button'));
  }

  const sentences = {
    'In 10 minutes': 'I cannot talk right now. I will call you back in 10 minutes.',
    Tonight: 'I cannot talk right now. I will call you back tonight.',
    'Write to me': 'I cannot talk right now. Please write to me.',
  };
  for (const [answer, sentence] of Object.entries(sentences)) {
    it(`writes the sentence of “${answer}” into the conversation and ends the ring at both ends`, async () => {
      await ring();
      pressable(answer).click();
      expect(talk.page.written).toEqual([sentence]);
      await until('Mira reads that it was declined', () => {
        const state = talk.mira.call.state();
        return state.state === 'idle' && state.last?.reason === 'declined';
      });
      expect(talk.call.state().state).toBe('idle');
    });
  }

  it('names the group of answers, each large enough for a finger', async () => {
    await ring();
    expect(shown('parley-not-now [role=group]').getAttribute('aria-labelledby')).toBe('not-now');
    expect(shown('#not-now').textContent).toBe('Decline with a word');
    const heights = [...document.querySelectorAll('parley-not-now button')].map(
      one => one.getBoundingClientRect().height,
    );
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
  });
});
