import { TestBed, type ComponentFixture } from '@angular/core/testing';
import { inEnglish } from '../../i18n/testing/in-english';
import * as fc from 'fast-check';
import { canPost } from '#protocol/content';
import { isBlank } from '#protocol/hidden';
import { anyText } from '#protocol/testing/any-text';
import { Composer } from './composer';
import { excessOf } from './composer-room';

describe('composer', () => {
  const seed = Number(new URLSearchParams(location.search).get('seed') ?? Date.now() % 1_000_000);
  let fixture: ComponentFixture<Composer>;
  let sent: string[];
  const host = (): HTMLElement => fixture.nativeElement as HTMLElement;
  const field = (): HTMLTextAreaElement => host().querySelector('textarea')!;
  const button = (name: string): HTMLButtonElement => host().querySelector(`button[aria-label="${name}"]`)!;
  const type = async (text: string): Promise<void> => {
    field().value = text;
    field().dispatchEvent(new Event('input'));
    await fixture.whenStable();
  };
  const press = (key: string, more: KeyboardEventInit = {}): KeyboardEvent => {
    const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more });
    field().dispatchEvent(event);
    return event;
  };

  beforeEach(async () => {
    await inEnglish();
    fixture = TestBed.createComponent(Composer);
    fixture.componentRef.setInput('enterSends', true);
    sent = [];
    fixture.componentInstance.sent.subscribe(text => sent.push(text));
    document.body.append(fixture.nativeElement as HTMLElement);
    await fixture.whenStable();
  });
  afterEach(() => fixture.destroy());

  it('sends with Enter, trimmed, and is empty again', async () => {
    await type('  hello \n');
    expect(press('Enter').defaultPrevented).toBeTrue();
    await fixture.whenStable();
    expect(sent).toEqual(['hello']);
    expect(field().value).toBe('');
  });

  it('sends nothing that has nothing to be seen in it', async () => {
    for (const text of ['  \n', '\u200b', '\u2800 \u2800', '\u3164', '\u202e\u00ad\ufe0f', '\u{e0041}\u{e0042}']) {
      await type(text);
      press('Enter');
      expect(button('Send').disabled).withContext(JSON.stringify(text)).toBeTrue();
    }
    expect(sent).toEqual([]);
    await type('\u200b❤\ufe0f');
    expect(button('Send').disabled).toBeFalse();
  });

  it('begins a line with Shift+Enter, and leaves Enter to an input method and to phones', async () => {
    await type('hello');
    expect(press('Enter', { shiftKey: true }).defaultPrevented).toBeFalse();
    expect(press('Enter', { isComposing: true }).defaultPrevented).toBeFalse();
    fixture.componentRef.setInput('enterSends', false);
    await fixture.whenStable();
    expect(press('Enter').defaultPrevented).toBeFalse();
    expect(sent).toEqual([]);
  });

  it('sends nothing that is empty or too long, and says by how much', async () => {
    await type(' \n ');
    expect(button('Send').disabled).toBeTrue();
    const fitting = 'x'.repeat(40_000 - excessOf('x'.repeat(40_000)));
    await type(fitting);
    expect(button('Send').disabled).toBeFalse();
    await type(`${fitting}xx`);
    press('Enter');
    expect(sent).toEqual([]);
    expect(host().textContent).toContain('2 characters too many');
  });

  it(`P22c sends any text as it was typed, or says that it does not fit and keeps it (seed ${seed})`, async () => {
    fixture.componentRef.setInput('enterSends', true);
    await fc.assert(
      fc.asyncProperty(anyText(34_000), async text => {
        sent = [];
        // A field makes one line end of CR and CR LF (HTML Standard, 4.10.11), and so must what is compared.
        field().value = text;
        const typed = field().value;
        fixture.componentInstance.text.set(typed);
        await fixture.whenStable();
        press('Enter');
        await fixture.whenStable();
        const body = typed.trim();
        const isTooLong = body !== '' && !canPost({ kind: 'text', body });
        const says = host().textContent.includes('too many');
        if (says !== isTooLong) return false;
        // What draws nothing is no message.
        if (isTooLong || isBlank(typed)) return sent.length === 0 && field().value === typed;
        return sent.length === 1 && sent[0] === body && field().value === '';
      }),
      { seed, numRuns: 100 },
    );
  });

  describe('a paste', () => {
    const paste = (text: string, file?: File): ClipboardEvent => {
      const clipboardData = new DataTransfer();
      if (text !== '') clipboardData.setData('text/plain', text);
      if (file) clipboardData.items.add(file);
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      field().dispatchEvent(event);
      return event;
    };

    it('is left to the browser where it fits', () => {
      expect(paste('hello').defaultPrevented).toBeFalse();
    });

    it('of a million characters is cut to what fits, said in words, and costs no later key', async () => {
      await type('ab');
      field().focus();
      field().setSelectionRange(1, 1);
      expect(paste('😀'.repeat(500_000)).defaultPrevented).toBeTrue();
      await fixture.whenStable();
      expect(field().value).toMatch(/^a(😀)+b$/u);
      expect(excessOf(field().value)).toBe(0);
      expect(excessOf(`${field().value}😀`)).toBeGreaterThan(0);
      const leftOut = 1_000_002 - field().value.length;
      expect(host().textContent).toContain(`${new Intl.NumberFormat('en').format(leftOut)} characters were left out`);
      const before = performance.now();
      for (let i = 0; i < 10; i++) await type(field().value.slice(0, -1));
      // Generous for a busy machine: uncut each key took seconds.
      expect(performance.now() - before).toBeLessThan(5_000);
      expect(host().textContent).not.toContain('left out');
    });

    it('cuts no sign that is made of several', async () => {
      const family = '👩‍👩‍👧‍👦';
      paste(family.repeat(20_000));
      await fixture.whenStable();
      expect(field().value.length % family.length).toBe(0);
      expect(field().value.length).toBeGreaterThan(10_000);
    });

    it('of a picture is cancelled, and told', () => {
      const told: number[] = [];
      fixture.componentInstance.filesPasted.subscribe(n => told.push(n));
      expect(paste('', new File(['x'], 'x.png', { type: 'image/png' })).defaultPrevented).toBeTrue();
      expect(told).toEqual([1]);
      // A word processor copies a picture of the words beside them.
      expect(paste('words', new File(['x'], 'x.png', { type: 'image/png' })).defaultPrevented).toBeFalse();
      expect(told).toEqual([1]);
    });

    it('that comes another way (dropped, dictated, from the clipboard of a keyboard) is cut as well', async () => {
      await type('ab');
      field().value = `a${'x'.repeat(200_000)}b`;
      field().setSelectionRange(200_001, 200_001);
      field().dispatchEvent(new Event('input'));
      await fixture.whenStable();
      expect(field().value).toMatch(/^ax+b$/);
      expect(excessOf(field().value)).toBe(0);
      expect(host().textContent).toContain('were left out');
    });
  });

  it("leaves Enter to a composition in Safari's order of events: its end comes first, then the key that ended it", async () => {
    await type('こんにちは');
    field().dispatchEvent(new CompositionEvent('compositionend', { data: 'こんにちは', bubbles: true }));
    expect(press('Enter', { keyCode: 229 }).defaultPrevented).toBeFalse();
    field().dispatchEvent(new CompositionEvent('compositionend', { data: 'こんにちは', bubbles: true }));
    expect(press('Enter', { keyCode: 13 }).defaultPrevented).toBeTrue();
    expect(sent).toEqual([]);
    press('Enter', { keyCode: 13 });
    expect(sent).toEqual(['こんにちは']);
  });

  it('takes the focus of a page that was just opened, but not from a field', async () => {
    const other = document.createElement('input');
    document.body.append(other);
    other.focus();
    fixture.componentInstance.focusFirst();
    expect(document.activeElement).toBe(other);
    other.remove();
    fixture.componentInstance.focusFirst();
    expect(document.activeElement).toBe(field());
    expect(field().dataset['focus']).toBe('');
    fixture.componentRef.setInput('enterSends', false);
    await fixture.whenStable();
    expect(field().dataset['focus']).toBeUndefined();
  });

  it('grows with its text', async () => {
    const low = field().offsetHeight;
    await type('a\nb\nc\nd');
    expect(field().offsetHeight).toBeGreaterThan(low);
  });

  it('puts an emoji where the caret is; the board is moved over by arrows and closed by Escape', async () => {
    await type('ab');
    field().setSelectionRange(1, 1);
    button('Emoji').click();
    await fixture.whenStable();
    const signs = [...(fixture.nativeElement as HTMLElement).querySelectorAll<HTMLButtonElement>('.signs button')];
    expect(signs.filter(sign => sign.tabIndex === 0).length).toBe(1);
    signs[0]!.focus();
    signs[0]!.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    expect(document.activeElement).toBe(signs[1]!);
    signs[1]!.click();
    await fixture.whenStable();
    expect(field().value).toBe(`a${signs[1]!.textContent.trim()}b`);
    signs[1]!.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await fixture.whenStable();
    expect((fixture.nativeElement as HTMLElement).querySelector('parley-emoji-picker')).toBeNull();
    expect(document.activeElement).toBe(field());
  });
});
