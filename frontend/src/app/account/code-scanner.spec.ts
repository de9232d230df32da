import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { withWords } from '../../i18n/testing/with-words';
import { Screen } from '../look/testing/screen';
import { CodeScanner } from './code-scanner';
import { FilmedCode } from './testing/filmed-code';

const INVITATION = 'https://parley-abcd.local:8443/invite#ABCDEFGHJK';

describe('the scanner of codes', () => {
  let camera: FilmedCode;
  let fixture: ComponentFixture<CodeScanner>;
  let screen: Screen;
  let found: string[];

  beforeEach(async () => {
    await withWords();
    camera = new FilmedCode();
    found = [];
  });
  afterEach(() => camera.end());

  function open(answer: Promise<MediaStream>): void {
    spyOn(navigator.mediaDevices, 'getUserMedia').and.returnValue(answer);
    fixture = TestBed.createComponent(CodeScanner);
    screen = new Screen(fixture, fixture.nativeElement as HTMLElement);
    fixture.componentInstance.found.subscribe(text => found.push(text));
  }
  const refused = (name: string) => Promise.reject(new DOMException('', name));

  it('finds an invitation in what the camera sees, passes over other codes, and lets the camera go', async () => {
    open(Promise.resolve(camera.stream));
    camera.shows('https://example.org/soup');
    await screen.until(() => (screen.page.querySelector('video')?.currentTime ?? 0) > 0.6);
    expect(found).toEqual([]);
    expect(screen.text).toContain('Hold the code still in front of the camera.');
    camera.shows(INVITATION);
    await screen.until(() => found.length > 0);
    expect(found).toEqual([INVITATION]);
    expect(camera.isOn).toBeFalse();
  });

  it('lets the camera go when it is closed, also one that comes too late', async () => {
    let grant: (stream: MediaStream) => void = () => undefined;
    open(new Promise(resolve => (grant = resolve)));
    await fixture.whenStable();
    fixture.destroy();
    grant(camera.stream);
    await screen.until(() => !camera.isOn);
    expect(found).toEqual([]);
  });

  const problems = {
    NotAllowedError: 'The camera is not allowed here.',
    NotFoundError: 'There is no camera on this device.',
    NotReadableError: 'Another app is using the camera.',
    AbortError: 'The camera cannot be used here.',
  };
  for (const [name, sentence] of Object.entries(problems)) {
    it(`says what to do instead: ${sentence}`, async () => {
      open(refused(name));
      await screen.shows(sentence);
      expect(screen.page.querySelector('[role="alert"]')?.textContent).toContain('ype the code');
      let closed = false;
      fixture.componentInstance.stopped.subscribe(() => (closed = true));
      await screen.press('Close');
      expect(closed).toBeTrue();
    });
  }
});
