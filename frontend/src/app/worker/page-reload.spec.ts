import { TestBed } from '@angular/core/testing';
import { SwUpdate } from '@angular/service-worker';
import { Subject } from 'rxjs';
import { NewVersion } from './new-version';
import { PAGE, PageReload } from './page-reload';

describe('a newer app', () => {
  const versionUpdates = new Subject<{ type: string }>();
  const unrecoverable = new Subject<void>();
  let done: string[];
  let updates: Record<'checkForUpdate' | 'activateUpdate', jasmine.Spy>;

  beforeEach(() => {
    done = [];
    const page = { href: '/here', reload: () => done.push('reload'), assign: (to: string) => done.push(to) };
    updates = {
      checkForUpdate: jasmine.createSpy().and.resolveTo(true),
      activateUpdate: jasmine.createSpy().and.resolveTo(true),
    };
    const worker = { isEnabled: true, versionUpdates, unrecoverable, ...updates };
    TestBed.configureTestingModule({
      providers: [
        { provide: PAGE, useValue: page },
        { provide: SwUpdate, useValue: worker },
      ],
    });
  });

  it('is used after everything is kept, even where keeping fails', async () => {
    const reload = TestBed.inject(PageReload);
    reload.before(() => Promise.reject(new Error('full')));
    reload.before(async () => {
      await new Promise(resolve => setTimeout(resolve));
      done.push('kept');
    });
    await TestBed.inject(NewVersion).use();
    expect(done).toEqual(['kept', 'reload']);
    await reload.to('/there');
    expect(done.at(-1)).toBe('/there');
  });

  it('is used where no worker keeps the app', async () => {
    for (const spy of Object.values(updates)) spy.and.rejectWith(new Error('disabled'));
    await TestBed.inject(NewVersion).use();
    expect(done).toEqual(['reload']);
  });

  it('is not offered during a call, and afterwards is', () => {
    const version = TestBed.inject(NewVersion);
    const { held } = TestBed.inject(PageReload);
    versionUpdates.next({ type: 'VERSION_DETECTED' });
    expect(version.waits()).toBeFalse();
    held.set(true);
    versionUpdates.next({ type: 'VERSION_READY' });
    expect(version.waits()).toBeFalse();
    held.set(false);
    expect(version.waits()).toBeTrue();
  });

  it('takes the place of one that cannot go on, but not during a call', async () => {
    const version = TestBed.inject(NewVersion);
    const { held } = TestBed.inject(PageReload);
    held.set(true);
    unrecoverable.next();
    held.set(false);
    expect(version.waits()).toBeTrue();
    expect(done).toEqual([]);
    unrecoverable.next();
    await new Promise(resolve => setTimeout(resolve));
    expect(done).toEqual(['reload']);
  });

  describe('as time goes by', () => {
    beforeEach(() => jasmine.clock().install().mockDate());
    afterEach(() => jasmine.clock().uninstall());

    it('is looked for now and then, not at every occasion, and no occasion is forgotten', () => {
      const version = TestBed.inject(NewVersion);
      version.ask();
      version.ask();
      version.ask();
      expect(updates.checkForUpdate).toHaveBeenCalledTimes(1);
      jasmine.clock().tick(60_000);
      expect(updates.checkForUpdate).toHaveBeenCalledTimes(2);
      jasmine.clock().tick(3_600_000);
      expect(updates.checkForUpdate).toHaveBeenCalledTimes(3);
      TestBed.resetTestingModule();
    });
  });
});
