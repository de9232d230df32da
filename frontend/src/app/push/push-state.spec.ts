import { type Abilities, stateOf } from './push-state';

describe('what a device can be told while the app is closed', () => {
  const able: Abilities = {
    push: true,
    worker: true,
    permission: 'granted',
    installed: false,
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
    touchPoints: 0,
  };
  const iPhone = { userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)', touchPoints: 5 };
  const iPad = { userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)', touchPoints: 5 };

  it('follows from the permission and the subscription', () => {
    expect(stateOf(able, true)).toBe('on');
    expect(stateOf(able, false)).toBe('off');
    expect(stateOf({ ...able, permission: 'default' }, true)).toBe('off');
    expect(stateOf({ ...able, permission: 'denied' }, true)).toBe('denied');
  });

  it('is nothing without a worker, which an untrusted certificate refuses', () => {
    expect(stateOf({ ...able, worker: false }, false)).toBe('untrusted');
  });

  it('needs the Home Screen on iPhone and iPad, and there alone', () => {
    const none = { ...able, push: false };
    expect(stateOf({ ...none, ...iPhone }, false)).toBe('needs-install');
    expect(stateOf({ ...none, ...iPad }, false)).toBe('needs-install');
    expect(stateOf({ ...none, ...iPhone, installed: true }, false)).toBe('unsupported');
    expect(stateOf({ ...none, userAgent: iPad.userAgent }, false)).toBe('unsupported');
    expect(stateOf({ ...able, ...iPhone, installed: true }, true)).toBe('on');
  });
});
