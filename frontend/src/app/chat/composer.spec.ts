import { TestBed, type ComponentFixture } from '@angular/core/testing';
import { inEnglish } from '../../i18n/testing/in-english';
import { Composer, LONGEST } from './composer';

describe('composer', () => {
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
    await type('x'.repeat(LONGEST + 2));
    press('Enter');
    expect(sent).toEqual([]);
    expect((fixture.nativeElement as HTMLElement).querySelector('.excess')?.textContent).toContain('2 characters');
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
