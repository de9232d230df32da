import { createEnvironmentInjector, EnvironmentInjector } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { OnlyTab } from './only-tab';

/** Resolves when a tab is in a state. */
async function reaches(tab: OnlyTab, state: string): Promise<void> {
  while (tab.state() !== state) await new Promise(resolve => requestAnimationFrame(resolve));
}

describe('OnlyTab', () => {
  let open: EnvironmentInjector[];

  beforeEach(() => (open = []));
  afterEach(async () => {
    // Locks last as long as the page: the next spec takes this one's away.
    open.forEach(tab => tab.destroy());
  });

  // Two of them in one page meet at the same lock and channel as two tabs do.
  function openTab(): OnlyTab {
    const tab = createEnvironmentInjector([OnlyTab], TestBed.inject(EnvironmentInjector));
    open.push(tab);
    return tab.get(OnlyTab);
  }

  async function openHere(): Promise<OnlyTab> {
    const tab = openTab();
    tab.takeOver();
    await reaches(tab, 'here');
    return tab;
  }

  it('is here where nobody else is, and elsewhere where somebody is', async () => {
    await openHere();
    const second = openTab();
    await second.start();
    expect(second.state()).toBe('elsewhere');
  });

  it('is here where the browser refuses locks and channels: site data is blocked', async () => {
    const refused = new DOMException('blocked', 'SecurityError');
    spyOn(navigator.locks, 'request').and.rejectWith(refused);
    spyOn(window, 'BroadcastChannel').and.throwError(refused);
    const tab = openTab();
    await tab.start();
    expect(tab.state()).toBe('here');
    expect(await tab.othersCall()).toBeFalse();
  });

  it('moves where it is wanted, and the other tab knows', async () => {
    const first = await openHere();
    const second = openTab();
    await second.start();
    second.takeOver();
    await reaches(second, 'here');
    await reaches(first, 'elsewhere');
    expect(first.state()).toBe('elsewhere');
  });

  it('goes back and forth', async () => {
    const first = await openHere();
    const second = await openHere();
    await reaches(first, 'elsewhere');
    first.takeOver();
    await reaches(first, 'here');
    await reaches(second, 'elsewhere');
    expect(first.state()).toBe('here');
  });

  it('says first that a call would end', async () => {
    const first = await openHere();
    const second = openTab();
    await second.start();
    expect(await second.othersCall()).toBeFalse();
    first.inCall.set(true);
    expect(await second.othersCall()).toBeTrue();
  });
});
