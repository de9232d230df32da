import { type ComponentFixture, DeferBlockBehavior, DeferBlockState, TestBed } from '@angular/core/testing';
import { withWords } from '../../i18n/testing/with-words';
import { HOSTILE_TEXTS } from '../../i18n/testing/hostile-texts';
import { ScriptedKeys } from '../crypto/testing/keys';
import { Bubble } from './bubble';

describe('a bubble', () => {
  let fixture: ComponentFixture<Bubble>;
  const host = () => fixture.nativeElement as HTMLElement;

  beforeEach(async () => {
    TestBed.configureTestingModule({ deferBlockBehavior: DeferBlockBehavior.Manual });
    await withWords([new ScriptedKeys().provider]);
    fixture = TestBed.createComponent(Bubble);
    document.body.append(host());
  });
  afterEach(() => fixture.destroy());

  async function draw(body: string): Promise<void> {
    const content = { kind: 'text', body };
    const place = { key: 'm', seq: 1, at: 0, first: true, last: true };
    fixture.componentRef.setInput('row', { kind: 'message', own: false, state: null, content, ...place });
    await fixture.whenStable();
  }

  /** Where one character of an element is drawn, px from the left. */
  function leftOf(element: Element, character: number): number {
    const range = document.createRange();
    range.setStart(element.firstChild!, character);
    range.setEnd(element.firstChild!, character + 1);
    return range.getBoundingClientRect().left;
  }

  it('that was deleted says so, with its time and nothing else', async () => {
    const place = { key: 'm', seq: 1, at: 0, first: true, last: true };
    fixture.componentRef.setInput('row', { kind: 'message', own: true, state: null, content: null, ...place });
    await fixture.whenStable();
    expect(host().querySelector('.newer')?.textContent).toBe('Message deleted');
    expect(host().querySelector('.words')).toBeNull();
    expect(host().querySelector('time')).not.toBeNull();
    expect(host().querySelector('.meta parley-icon')).toBeNull();
  });

  it('that cannot be read says so, and nothing of what it holds', async () => {
    const place = { key: 'm', seq: 1, at: 0, first: true, last: true };
    const content = { kind: 'unknown', data: 'AwgA' };
    const row = { kind: 'message', own: false, state: null, content, sealed: 'no-key', ...place };
    fixture.componentRef.setInput('row', row);
    await fixture.whenStable();
    expect(host().querySelector('.newer')?.textContent).toContain('Its key has not arrived');
    expect(host().querySelector('.newer parley-icon')).not.toBeNull();
    expect(host().querySelector('.words')).toBeNull();
    expect(host().textContent).not.toContain('AwgA');
  });

  describe('that waits', () => {
    const waits = async (more: object = {}): Promise<void> => {
      const content = { kind: 'text', body: 'hello' };
      const place = { key: 'm', seq: null, at: 0, first: true, last: true };
      fixture.componentRef.setInput('row', {
        kind: 'message',
        own: true,
        state: 'waiting',
        content,
        ...place,
        ...more,
      });
      await fixture.whenStable();
    };
    const button = (name: string) =>
      [...host().querySelectorAll('button')].find(({ textContent }) => textContent.trim() === name);

    it('can be deleted once it is late, and at once where something is wrong', async () => {
      let removed = 0;
      fixture.componentInstance.remove.subscribe(() => removed++);
      await waits();
      expect(button('Delete')).toBeUndefined();
      const [late] = await fixture.getDeferBlocks();
      await late!.render(DeferBlockState.Complete);
      button('Delete')!.click();
      await waits({ trouble: 'unkept' });
      expect(host().textContent).toContain('Not saved on this device');
      button('Delete')!.click();
      await waits({ trouble: 'busy' });
      expect(host().textContent).toContain('keeps trying');
      button('Delete')!.click();
      expect(removed).toBe(3);
    });

    it('for a key, for the other person, or for an answer says for which', async () => {
      fixture.componentRef.setInput('name', 'Mira');
      await waits({ trouble: 'locked' });
      expect(host().textContent).toContain('until your messages are unlocked');
      await waits({ trouble: 'no-identity' });
      expect(host().textContent).toContain('Waits until Mira has opened the new Parley');
      await waits({ trouble: 'identity-changed' });
      expect(host().textContent).toContain('until you have decided whether this is still Mira');
    });

    it('and was refused for what it is itself can be deleted, not retried', async () => {
      await waits({ state: 'failed', fault: 'malformed' });
      expect(host().textContent).toContain('too large for one message');
      expect([button('Delete') !== undefined, button('Retry')]).toEqual([true, undefined]);
      await waits({ state: 'failed', fault: 'internal' });
      expect(button('Retry')).toBeDefined();
    });
  });

  it('shows what was written as it was written', async () => {
    for (const text of HOSTILE_TEXTS) {
      await draw(text);
      expect(host().querySelector('.words')?.textContent).toBe(text);
    }
  });

  it('shows an address from its scheme on, whatever stands before it', async () => {
    for (const before of ['', '\u202e', '\u202eat ', 'שלום ', '\u2067', '\u202d\u202e\u2069']) {
      await draw(`${before}https://bank.example/login`);
      const link = host().querySelector('a')!;
      expect(link.textContent).toBe('https://bank.example/login');
      for (const character of [1, 8, 20])
        expect(leftOf(link, character))
          .withContext(JSON.stringify(before))
          .toBeGreaterThan(leftOf(link, character - 1));
    }
  });

  it('shows the host that is opened, and opens it', async () => {
    await draw('https://pаypal.example/login');
    const link = host().querySelector('a')!;
    expect(link.textContent).toBe('https://xn--pypal-4ve.example/login');
    expect(link.host).toBe('xn--pypal-4ve.example');
  });

  it('keeps marks that stack up on a letter inside', async () => {
    await draw(`Z${'\u0346\u0347\u0348'.repeat(40)}algo`);
    expect(getComputedStyle(host().querySelector('.bubble')!).overflow).toBe('clip');
  });
});
