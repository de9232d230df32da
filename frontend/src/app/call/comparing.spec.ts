import { err, ok, type Result } from '#protocol/result';
import type { Compared, VerifyRefusal } from '../../../crypto/verify.ts';
import { type Trust } from '../crypto/trust-of';
import { button, has, OverlayCall, pressable } from './testing/overlay-call';
import { shown } from './testing/overlay';
import { until } from './testing/until';
import { CODE_EMOJI } from './code-emoji';

const PILL = 'parley-voice parley-call-trust button';

describe('Comparing in a call', () => {
  let overlay: OverlayCall;
  let trust: Trust;
  let compared: Compared[];
  let answer: Result<null, VerifyRefusal>;

  beforeEach(async () => {
    overlay = await OverlayCall.open();
    trust = 'pinned';
    compared = [];
    answer = ok(null);
    const { verbs } = overlay.page.keys;
    verbs['trustIn'] = () => trust;
    verbs['verify'] = (one: Compared) => {
      compared.push(one);
      if (answer.ok) trust = 'verified';
      return answer;
    };
  });
  afterEach(() => overlay.close());

  const stage = () => shown('parley-voice').textContent;
  const compares = async () => {
    await overlay.talk();
    await until('the code', () => has(PILL));
    await until('the hint', () => has('parley-code-strip .compare'));
  };
  const opens = async () => {
    await compares();
    pressable('Compare').click();
    await until('the sheet', () => has('parley-compare-sheet dialog[open]'));
  };
  const namesHere = () => [...document.querySelectorAll('parley-compare-sheet li')].map(one => one.textContent.trim());

  it('has sixty-four emoji, each once', () => {
    expect(CODE_EMOJI.length).toBe(64);
    for (const of of [0, 1] as const) expect(new Set(CODE_EMOJI.map(one => one[of])).size).toBe(64);
  });

  it('shows and names four emoji, which the other end has, too', async () => {
    await opens();
    expect(stage()).toContain('Not verified');
    const theirs = overlay.mira.link.code()?.emoji.map(place => CODE_EMOJI[place]?.[0]) ?? [];
    expect(theirs.length).toBe(4);
    expect(shown(`${PILL} .four`).textContent.replaceAll(/\s/g, '')).toBe(theirs.join(''));
    expect(shown(PILL).getAttribute('aria-label')).toContain(
      namesHere()
        .map(line => line.split(' ').at(-1))
        .join(', '),
    );
    expect(has('parley-code-strip .compare')).withContext('the hint has done its work').toBeFalse();
  });

  it('CA38f: verifies the identity of which the code was made, whose word takes the place of the code', async () => {
    await opens();
    pressable('They are the same').click();
    await until('the sheet is gone', () => !has('parley-compare-sheet'));
    const { userId } = overlay.mira.seat;
    expect(compared).toEqual([{ userId, masterKey: `master key of ${userId}` }]);
    await until('verified', () => has('parley-voice .verified'));
    expect(has(PILL)).toBeFalse();
    expect(stage()).not.toContain('Not verified');
  });

  it('says where it could not be kept that nobody is verified', async () => {
    answer = err('not-kept');
    await opens();
    pressable('They are the same').click();
    await until('why', () => has('parley-compare-sheet [role="alert"]'));
    expect(shown('parley-compare-sheet [role="alert"]').textContent).toContain('not marked as verified');
    expect(has(PILL)).toBeTrue();
  });

  it('CA38f: ends the call in words where they differ, and verifies nobody', async () => {
    await opens();
    pressable('They differ').click();
    await until('the end', () => has('parley-call-ended dialog[open]'));
    expect(shown('#ended-title').textContent).toBe('The emoji were not the same');
    expect(shown('#ended-sentence').textContent).toContain('Somebody may sit between you and Mira Sand');
    expect(compared).toEqual([]);
  });

  it('hides its hint when asked to, and keeps the code', async () => {
    await compares();
    button('Hide this hint').click();
    await until('it is gone', () => !has('parley-code-strip .compare'));
    expect(has(PILL)).toBeTrue();
  });

  it('shows somebody who is verified as such, without a code', async () => {
    trust = 'verified';
    await overlay.talk();
    await until('verified', () => has('parley-voice .verified'));
    await until('the code is there', () => overlay.mira.link.code() !== null);
    expect(has(PILL)).toBeFalse();
    expect(has('parley-code-strip .compare')).toBeFalse();
    button('Small view').click();
    await until('also small', () => has('parley-small-call .verified'));
  });

  it('shows no code of an identity that has changed meanwhile', async () => {
    await compares();
    trust = 'changed';
    overlay.page.keys.changed();
    await until('it is gone', () => !has(PILL));
    expect(stage()).toContain('Not verified');
  });
});
