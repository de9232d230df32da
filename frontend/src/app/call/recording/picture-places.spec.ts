import { picturePlaces } from './picture-places';

const FRAME = { width: 1280, height: 720 };
const WIDE = { width: 640, height: 360 };
const TALL = { width: 720, height: 1280 };

describe('The pictures in a recording', () => {
  const places = (peer: typeof WIDE | null, own: typeof WIDE | null, showsScreen = false) =>
    picturePlaces(FRAME, { peer, own, showsScreen });

  it('show the other person large and oneself small in the corner', () => {
    const { peer, own } = places(WIDE, WIDE);
    expect(peer).toEqual({ x: 0, y: 0, width: 1280, height: 720 });
    expect(own!.width).toBeLessThan(400);
    expect([own!.x + own!.width + 24, own!.y + own!.height + 24]).toEqual([1280, 720]);
  });

  it('are never cut and keep their shape', () => {
    const { peer, own } = places(TALL, TALL);
    expect(peer).toEqual({ x: (1280 - 405) / 2, y: 0, width: 405, height: 720 });
    expect(own!.width / own!.height).toBeCloseTo(720 / 1280);
  });

  it('show oneself large where nobody else is to be seen, or where one shows a screen', () => {
    expect(places(null, WIDE)).toEqual({ peer: null, own: { x: 0, y: 0, width: 1280, height: 720 } });
    const { peer, own } = places(WIDE, WIDE, true);
    expect(own!.width).toBe(1280);
    expect(peer!.width).toBeLessThan(400);
  });

  it('leave places empty', () => {
    expect(places(null, null)).toEqual({ peer: null, own: null });
    expect(places(WIDE, null).own).toBeNull();
  });
});
