import { ApplicationInitStatus, Component, provideZonelessChangeDetection, signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { provideLanguage } from '../../i18n/language';
import { CallMedia } from './call-media';
import { NOTHING } from './local-media';
import { SelfView } from './self-view';

@Component({
  selector: 'parley-test-stage',
  imports: [SelfView],
  template: `<div style="position: fixed; inset: 0; --slow: .25s; --ease: ease-out"><parley-self-view /></div>`,
})
class TestStage {}

describe('SelfView', () => {
  let fixture: ComponentFixture<TestStage>;
  let view: HTMLElement;

  beforeEach(async () => {
    TestBed.configureTestingModule({
      providers: [
        provideZonelessChangeDetection(),
        provideLanguage(),
        { provide: CallMedia, useValue: { local: signal(NOTHING), paused: signal(false) } },
      ],
    });
    await TestBed.inject(ApplicationInitStatus).donePromise;
    fixture = TestBed.createComponent(TestStage);
    await fixture.whenStable();
    view = (fixture.nativeElement as HTMLElement).querySelector('parley-self-view')!;
    // No finger is really there to be captured.
    spyOn(view, 'setPointerCapture');
  });

  const corner = () => [...view.classList].sort().join(' ');
  const place = () => {
    const { x, y } = view.getBoundingClientRect();
    return [Math.round(x), Math.round(y)];
  };
  const point = async (type: string, [clientX, clientY]: readonly [number, number]) => {
    // A quick hand has left the picture before it says that it moves.
    const over = type === 'pointerdown' ? view : document.body;
    over.dispatchEvent(new PointerEvent(type, { clientX, clientY, button: 0, pointerId: 1, bubbles: true }));
    await fixture.whenStable();
  };
  /** Where it was, held at the first moment of its way to the corner. */
  const leaves = () => {
    const [glide] = view.getAnimations();
    expect(glide?.effect?.getTiming().duration).toBe(250);
    glide?.pause();
    if (glide) glide.currentTime = 0;
    const from = place();
    glide?.finish();
    return from;
  };

  it('goes to the corner near which it is dropped, from where it was let go', async () => {
    const across = view.classList.contains('high') ? innerHeight - 60 : 60;
    await point('pointerdown', [innerWidth - 60, innerHeight - across]);
    await point('pointermove', [60, across]);
    const dropped = place();
    await point('pointerup', [60, across]);
    expect(leaves()).toEqual(dropped);
    expect(corner()).toBe(across === 60 ? 'high near' : 'low near');
    expect(place()[0]).toBe(16 + (innerWidth >= 900 ? 12 : 0));
  });

  it('goes on to the next corner by a click and by a key, and round to where it began', async () => {
    const first = corner();
    const seen = new Set([first]);
    for (const way of ['click', 'key', 'click', 'key']) {
      if (way === 'click') for (const type of ['pointerdown', 'pointerup']) await point(type, [50, 50]);
      view.querySelector('button')?.click();
      await fixture.whenStable();
      seen.add(corner());
    }
    expect(seen.size).toBe(4);
    expect(corner()).toBe(first);
  });

  it('goes back when the pointer is taken from it', async () => {
    const before = [corner(), ...place()];
    await point('pointerdown', [100, 100]);
    await point('pointermove', [300, 200]);
    expect(place()).not.toEqual(before.slice(1) as number[]);
    await point('pointercancel', [0, 0]);
    leaves();
    expect([corner(), ...place()]).toEqual(before);
  });

  it('keeps its clicks until it is really dragged', async () => {
    await point('pointerdown', [100, 100]);
    await point('pointermove', [103, 102]);
    expect(view.setPointerCapture).not.toHaveBeenCalled();
    await point('pointermove', [120, 102]);
    expect(view.setPointerCapture).toHaveBeenCalledOnceWith(1);
    await point('pointerup', [120, 102]);
  });
});
