import { makePassword } from './made-password';
import { passwordStrength } from './password-strength';

describe('a made password', () => {
  it('can be read out, and is strong', () => {
    const made = makePassword();
    expect(made).toMatch(/^([bdfghjklmnprstvz][aeiou]){2}(-([bdfghjklmnprstvz][aeiou]){2}){4}$/);
    expect(passwordStrength(made, [])).toBe('strong');
  });

  it('is never made twice, and uses every letter', () => {
    const many = Array.from({ length: 200 }, makePassword);
    expect(new Set(many).size).toBe(200);
    expect(new Set(many.join('').replaceAll('-', '')).size).toBe(21);
  });
});
