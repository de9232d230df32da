import { rememberedSettings } from './call-settings';

describe('the settings of calls', () => {
  const keep = (kept: string) => localStorage.setItem('parley.call', kept);
  afterEach(() => localStorage.removeItem('parley.call'));

  it('are as at first where nothing can be read', () => {
    const first = rememberedSettings();
    expect(first).toEqual(jasmine.objectContaining({ echoCancellation: true, pictures: 'auto', pushToTalk: false }));
    for (const kept of ['', 'null', '7', '[]', '{"pictures":"huge","echoCancellation":"no","ringtone":3}']) {
      keep(kept);
      expect(rememberedSettings()).toEqual(first);
    }
  });

  it('keep what was chosen, and nothing that they do not know', () => {
    keep('{"pictures":"save","ringtone":"bell","pushToTalk":true,"vibrates":false,"other":true}');
    const { pictures, ringtone, pushToTalk, vibrates, ...others } = rememberedSettings();
    expect([pictures, ringtone, pushToTalk, vibrates]).toEqual(['save', 'bell', true, false]);
    expect(Object.keys(others)).not.toContain('other');
  });
});
