import { howKnown, otherMarks, type Seen } from './how-known';

const SIGNED: Seen = {
  known: { how: 'signed', written: 1, opened: 2, identity: 'mira' },
  isSealed: false,
  isPlain: false,
  isOwn: false,
  trust: 'pinned',
  identity: 'mira',
};

describe('how it is known who wrote a message', () => {
  it('calls verified only an identity that was compared, and that the message has', () => {
    expect(howKnown({ ...SIGNED, trust: 'verified' })).toEqual(['verified', 'signed', 'readers']);
    expect(howKnown(SIGNED)).toEqual(['pinned', 'signed', 'readers']);
    expect(howKnown({ ...SIGNED, trust: 'verified', identity: 'another' })).toEqual(['earlier', 'signed', 'readers']);
    expect(howKnown({ ...SIGNED, trust: 'changed' })).toEqual(['changed', 'signed', 'readers']);
    expect(howKnown({ ...SIGNED, trust: 'verified-changed' })).toEqual(['changed', 'signed', 'readers']);
  });

  it('claims no identity where none was kept', () => {
    const known = { how: 'backup', written: 1, opened: 2 } as const;
    expect(howKnown({ ...SIGNED, known, trust: 'verified' })).toEqual(['unrecorded', 'backup', 'readers']);
    expect(howKnown({ ...SIGNED, known: undefined, trust: 'verified' })).toEqual(['unrecorded']);
    expect(howKnown({ ...SIGNED, trust: 'verified', identity: null })).toEqual(['unknown', 'signed', 'readers']);
  });

  it('says of what was shown, sent again, not encrypted or not opened only that', () => {
    for (const how of ['shown', 'resent'] as const) {
      expect(howKnown({ ...SIGNED, known: { how }, trust: 'verified' })).toEqual([how, 'readers']);
    }
    expect(howKnown({ ...SIGNED, known: undefined, isPlain: true, trust: 'verified' })).toEqual(['plain', 'open']);
    expect(howKnown({ ...SIGNED, isSealed: true, trust: 'verified' })).toEqual(['sealed']);
  });

  it('knows what was written on this device from what another own device wrote', () => {
    expect(howKnown({ ...SIGNED, isOwn: true, known: { how: 'here', written: 1 } })).toEqual(['here', 'readers']);
    expect(howKnown({ ...SIGNED, isOwn: true })).toEqual(['own', 'signed', 'readers']);
    expect(howKnown({ ...SIGNED, isOwn: true, identity: 'another' })).toEqual(['earlier', 'signed', 'readers']);
  });

  it('explains the marks that this message does not wear', () => {
    expect(otherMarks(['pinned', 'signed', 'readers'])).toEqual(['verified', 'backup', 'resent', 'plain']);
  });
});
