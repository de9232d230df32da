import encodeQR from 'qr';

/** How large a module of the code is filmed, px. */
const MODULE = 6;

/** A camera before which a QR code is held, as a canvas that is filmed: it moves, and stands askew as in a hand. */
export class FilmedCode {
  readonly #canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 480 });
  readonly stream = this.#canvas.captureStream(30);
  #shown = '';
  readonly #timer = setInterval(() => this.#draw(), 40);
  #angle = 0.08;

  shows(text: string): void {
    this.#shown = text;
  }

  #draw(): void {
    const pen = this.#canvas.getContext('2d');
    if (!pen) return;
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
