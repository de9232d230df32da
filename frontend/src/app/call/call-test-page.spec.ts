import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { signal } from '@angular/core';
import { withWords } from '../../i18n/testing/with-words';
import { Screen } from '../look/testing/screen';
import { Call } from './call';
import { CallTestPage } from './call-test-page';
import { IceServerSource } from './ice-servers';

describe('the page of the test call', () => {
  let screen: Screen;
  beforeEach(async () => {
    await withWords([
      provideRouter([]),
      { provide: Call, useValue: { state: signal({ state: 'idle', last: null }) } },
      { provide: IceServerSource, useValue: { fetch: () => Promise.resolve({}) } },
    ]);
    const fixture = TestBed.createComponent(CallTestPage);
    screen = new Screen(fixture, fixture.nativeElement as HTMLElement);
    await fixture.whenStable();
  });
  afterEach(() => TestBed.resetTestingModule());

  const check = (name: string) => screen.page.querySelector(`section[aria-labelledby="test-${name}"]`);
  const says = (name: string, words: string) => screen.until(() => check(name)?.textContent.includes(words) === true);

  it('says of each part that it was not tested yet, and of each what has come of it', async () => {
    for (const name of ['microphone', 'camera', 'network', 'relay'])
      expect(check(name)?.textContent).toContain('Not tested yet.');
    await screen.press('Start the test');
    await says('microphone', 'Your microphone works.');
    await says('camera', 'Your camera works.');
    await says('network', 'Sound and picture get through.');
    await says('relay', 'Not set up.');
    for (const name of ['microphone', 'camera', 'network']) expect(check(name)?.classList).toContain('good');
    await screen.press('Stop');
    await screen.until(() => screen.button('Test again') !== undefined);
    expect(check('network')?.classList).toContain('good');
  });

  it('says what was refused and how to allow it, and that there is no camera', async () => {
    const refuse = (name: string) => Promise.reject(new DOMException('', name));
    spyOn(navigator.mediaDevices, 'getUserMedia').and.callFake(({ video } = {}) =>
      refuse(video ? 'NotFoundError' : 'NotAllowedError'),
    );
    await screen.press('Start the test');
    await says('microphone', 'Parley may not use your microphone.');
    await says('camera', 'No camera was found.');
    expect(check('microphone')?.classList).toContain('bad');
    await screen.shows('allow camera and microphone');
  });
});
