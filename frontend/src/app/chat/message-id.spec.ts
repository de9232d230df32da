import { messageId } from '#protocol/ids';
import { newMessageId } from './message-id';

describe('newMessageId', () => {
  it('is an id of the protocol, of version 7', () => {
    for (let i = 0; i < 100; i++) {
      const made = newMessageId();
      expect(messageId.safeParse(made).success).toBeTrue();
      expect(made[14]).toBe('7');
    }
  });

  it('begins with its time, so that ids sort as they were written', () => {
    expect(newMessageId(0x0123456789ab).slice(0, 13)).toBe('01234567-89ab');
    expect(newMessageId(1_700_000_000_000) < newMessageId(1_700_000_000_001)).toBeTrue();
  });

  it('is never the same twice', () => {
    expect(new Set(Array.from({ length: 500 }, () => newMessageId(1))).size).toBe(500);
  });
});
