import { type ComponentFixture, TestBed } from '@angular/core/testing';
import encodeQR from 'qr';
import { withWords } from '../../i18n/testing/with-words';
import { Screen } from '../look/testing/screen';
import { CodeScanner } from './code-scanner';

const INVITATION = 'https://parley-abcd.local:8443/invite#ABCDEFGHJK';
const MODULE = 6;

/** A camera before which a QR code is held, as a canvas that is filmed: it moves, and stands askew as in a hand. */
class Camera {
  readonly #canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
  readonly stream = this.#canvas.captureStream(30);
  #shown = '';
  readonly #timer = setInterval(() => this.#draw(), 40);
  #angle = 0.08;

  shows(text: string): void {
    this.#shown = text;
  }

  #draw(): void {
    const pen = this.#canvas.getContext('2d')!;
    this.#angle = -this.#angle;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.fillStyle = '#777777';
    pen.fillRect(0, 0, 640, 480);
    pen.translate(320, 240);
    pen.rotate(this.#angle);
    const rows = this.#shown === '' ? [] : encodeQR(this.#shown, 'raw', { border: 4 });
    rows.forEach((row, y) =>
      row.forEach((dark, x) => {
        pen.fillStyle = dark ? '#1d1b17' : '#f5f2ec';
        pen.fillRect((x - row.length / 2) * MODULE, (y - rows.length / 2) * MODULE, MODULE + 0.5, MODULE + 0.5);
      }),
    );
  }

  get isOn(): boolean {
    return this.stream.getTracks().some(track => track.readyState === 'live');
  }

  end(): void {
    clearInterval(this.#timer);
    this.stream.getTracks().forEach(track => track.stop());
  }
}

describe('the scanner of codes', () => {
  let camera: Camera;
  let fixture: ComponentFixture<CodeScanner>;
  let screen: Screen;
  let found: string[];

  beforeEach(async () => {
    await withWords();
    camera = new Camera();
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
