import { isAccepted, passwordStrength } from './password-strength';

const of = (password: string) => passwordStrength(password, ['Noor Haddad', 'noor.haddad']);

describe('the strength of a password', () => {
  it('begins at ten characters, counted as a person counts them', () => {
    expect(of('k7!vQz2#x')).toBe('short');
    expect(of('🐢🐢🐢🐢🐢')).toBe('short');
    expect(of('k7!vQz2#xm')).not.toBe('short');
  });

  it('refuses what anybody tries first, dressed up or not', () => {
    for (const common of ['password123', 'Passwort2026!', '1234567890', 'qwertzuiop', 'aaaaaaaaaaaa', 'abababababab']) {
      expect(of(common)).withContext(common).toBe('common');
    }
  });

  it("refuses one's own names with a little around them", () => {
    expect(of('noorhaddad1')).toBe('own-name');
    expect(of('Haddad-2026!!')).toBe('own-name');
  });

  it('takes a name in a long phrase', () => {
    expect(isAccepted(of('noor sails around the lake'))).toBeTrue();
  });

  it('grows with length, not with capital letters', () => {
    expect(of('kufolaremi')).toBe('fair');
    expect(of('kufolaremitan')).toBe('good');
    expect(of('correct horse battery staple')).toBe('strong');
  });

  it('accepts exactly what it does not refuse', () => {
    expect(['short', 'common', 'own-name', 'fair', 'good', 'strong'].filter(one => isAccepted(one as never))).toEqual([
      'fair',
      'good',
      'strong',
    ]);
  });
});
