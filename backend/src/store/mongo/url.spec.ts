import { concernsAbout, readPlace, withoutConcerns } from './url.ts';

describe('The address of a MongoDB', () => {
  const placeOf = (url: string) => readPlace(url) ?? { hosts: [], hasUser: false, tls: false, database: undefined };

  it('is read without who and how, and anything else is none', () => {
    expect(readPlace('mongodb://ada:secret@a.example:27017,b.example/house?replicaSet=x')).toEqual({
      hosts: ['a.example:27017', 'b.example'],
      hasUser: true,
      tls: false,
      database: 'house',
    });
    expect(readPlace('mongodb+srv://ada:secret@a.example')).toEqual({
      hosts: ['a.example'],
      hasUser: true,
      tls: true,
      database: undefined,
    });
    for (const other of ['', 'sqlite', 'http://a.example', 'mongodb://', 'mongodb:///x'])
      expect(readPlace(other)).toBeNull();
  });

  it('never decides about durability', () => {
    const asked =
      'mongodb://a/b?w=1&Journal=false&retryWrites=true&readPreference=nearest&wTimeoutMS=1&readConcernLevel=local';
    expect(withoutConcerns(asked)).toBe('mongodb://a/b?retryWrites=true');
    expect(withoutConcerns('mongodb://a/b?w=0')).toBe('mongodb://a/b');
    expect(withoutConcerns('mongodb://a/b')).toBe('mongodb://a/b');
  });

  it('is warned about without a user, and without TLS off this machine, and never repeated', () => {
    const warnings = (url: string) => concernsAbout(placeOf(url));
    expect(warnings('mongodb://ada:secret@127.0.0.1/x')).toEqual([]);
    expect(warnings('mongodb://ada:secret@[::1]:27017/x')).toEqual([]);
    expect(warnings('mongodb://ada:secret@%2Ftmp%2Fmongodb.sock/x')).toEqual([]);
    expect(warnings('mongodb://ada:secret@db.example/x?tls=true')).toEqual([]);
    expect(warnings('mongodb://localhost/x')).toEqual([jasmine.stringContaining('names no user')]);
    const [remote = ''] = warnings('mongodb+srv://ada:secret@db.example/x?tls=false');
    expect(remote).toContain('db.example without TLS');
    expect(remote).not.toMatch(/ada|secret/);
  });
});
