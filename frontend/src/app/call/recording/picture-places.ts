/** Of a picture, or of the frame into which pictures are put, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}
/** Where a picture is drawn in the frame. */
export interface Place extends Size {
  readonly x: number;
  readonly y: number;
}

/** Whose picture is the large one, and whose the small one. */
export type Side = 'peer' | 'own';

/** How wide and high the small picture may be, and how far from the edges it is, as a part of the frame. */
const SMALL = 0.26;
const MARGIN = 1 / 30;

/** The largest place with the picture's own shape within another one, in its middle. */
function within({ width, height }: Size, room: Place): Place {
  const scale = Math.min(room.width / width, room.height / height);
  const [w, h] = [width * scale, height * scale];
  return { x: room.x + (room.width - w) / 2, y: room.y + (room.height - h) / 2, width: w, height: h };
}

/**
 * Who is large: the other person, as on the stage, unless there is only one's own picture to be seen, or it is a screen that
 * one shows.
 */
export function largeSide(peer: Size | null, own: Size | null, showsScreen: boolean): Side {
  return own !== null && (peer === null || showsScreen) ? 'own' : 'peer';
}

/**
 * Where two pictures go in a frame: one as large as it can be without being cut, the other small in the corner below. One that
 * is not there leaves its place empty.
 */
export function picturePlaces(
  frame: Size,
  { peer, own, showsScreen }: { readonly peer: Size | null; readonly own: Size | null; readonly showsScreen: boolean },
): Readonly<Record<Side, Place | null>> {
  const whole = { x: 0, y: 0, ...frame };
  const small = { width: frame.width * SMALL, height: frame.height * SMALL };
  const isOwnLarge = largeSide(peer, own, showsScreen) === 'own';
  const [large, other] = isOwnLarge ? [own, peer] : [peer, own];
  const largePlace = large && within(large, whole);
  const fitted = other && within(other, { x: 0, y: 0, ...small });
  const margin = frame.height * MARGIN;
  const smallPlace = fitted && {
    ...fitted,
    x: frame.width - fitted.width - margin,
    y: frame.height - fitted.height - margin,
  };
  return isOwnLarge ? { own: largePlace, peer: smallPlace } : { peer: largePlace, own: smallPlace };
}
