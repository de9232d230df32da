import { TestBed } from '@angular/core/testing';
import { OfflineStart, refusalOf } from './offline-start';

describe('the offline start', () => {
  // Specs run in development mode, in which no worker may stand between the page and what was just built.
  it('is not prepared while the app is being developed', done => {
    const register = spyOn(navigator.serviceWorker, 'register');
    const start = TestBed.inject(OfflineStart);
    start.registered().subscribe({
      next: () => fail('registered'),
      complete: () => {
        expect(register).not.toHaveBeenCalled();
        expect(start.state()).toBe('unknown');
        done();
      },
    });
  });

  it('knows a certificate that is not trusted from other refusals', () => {
    expect(refusalOf(new DOMException('An SSL certificate error occurred', 'SecurityError'))).toBe('untrusted');
    expect(refusalOf(new DOMException('by a setting', 'NotSupportedError'))).toBe('refused');
    expect(refusalOf(new TypeError('serviceWorker is undefined'))).toBe('refused');
  });
});
