import { GRADIENTS, gradientOf, initialsOf } from './portrait';

/** WCAG 2.2, relative luminance. */
function luminance(channels: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = channels.map(value =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const channels = (hex: string) => [1, 3, 5].map(at => parseInt(hex.slice(at, at + 2), 16) / 255);

describe('a portrait', () => {
  for (const [from, to] of GRADIENTS) {
    it(`can be read on ${from} to ${to}`, () => {
      const middle = channels(from).map((value, index) => (value + (channels(to)[index] ?? 0)) / 2);
      expect(1.05 / (luminance(middle) + 0.05)).toBeGreaterThanOrEqual(4.5);
    });
  }

  it('has the same colours for the same person, and uses all of them', () => {
    const ids = Array.from({ length: 400 }, (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`);
    expect(new Set(ids.map(id => gradientOf(id).join())).size).toBe(GRADIENTS.length);
    expect(gradientOf(ids[0]!)).toBe(gradientOf(ids[0]!));
  });

  it('shows the first letters of the first and the last word', () => {
    expect(initialsOf('Mira Sand')).toBe('MS');
    expect(initialsOf('anna maria von der aa')).toBe('AA');
    expect(initialsOf('Werkstatt')).toBe('W');
    expect(initialsOf('  ')).toBe('');
  });

  it('cuts no sign in two', () => {
    expect(initialsOf('👩‍🚀 Ada')).toBe('👩‍🚀A');
    expect(initialsOf('e\u0301mile zola')).toBe('E\u0301Z');
  });
});
