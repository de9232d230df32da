import { readEntry, readInvitation, readLink } from './read-code';

describe('the code of an invitation', () => {
  it('is read from letters, however they are written, and from a link', () => {
    for (const text of [
      'ABCDEFGHJK',
      'abcde fghjk',
      ' abcde-fghjk\n',
      'https://parley.local:8443/invite#ABCDEFGHJK',
      '/invite#ABCDE%20FGHJK',
    ])
      expect(readInvitation(text)).withContext(text).toBe('ABCDEFGHJK');
  });

  it('is none where letters are missing, too many, or never used', () => {
    for (const text of ['', 'ABCDEFGHJ', 'ABCDEFGHJKM', 'ABCDEFGHIJ', 'https://parley.local/invite', '#%E0%A4%A'])
      expect(readInvitation(text)).withContext(text).toBeUndefined();
  });

  it('and the set-up link both let somebody in; no other link does', () => {
    const setUp = 'abcdefghijklmnopqrstu_';
    expect(readEntry(`https://[fd00::2]:8443/set-up#${setUp}\n`)).toEqual({ setUp });
    expect(readEntry('https://parley.local/invite#abcdefghjk')).toEqual({ invitation: 'ABCDEFGHJK' });
    for (const text of [`https://parley.local/reset#${setUp}`, 'https://parley.local/set-up#ABCDEFGHJK', setUp, ''])
      expect(readEntry(text)).withContext(text).toBeUndefined();
  });

  it('of a link is 22 characters and nothing else', () => {
    expect(readLink('abcdefghijklmnopqrstu_')).toBe('abcdefghijklmnopqrstu_');
    for (const text of [null, '', 'short', 'abcdefghijklmnopqrstu!', 'x'.repeat(23)])
      expect(readLink(text)).toBeUndefined();
  });
});
