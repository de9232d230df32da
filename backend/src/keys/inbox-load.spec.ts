import { INBOX_BYTES_OF_SENDER, INBOX_ROWS, INBOX_ROWS_OF_SENDER } from '#protocol/keys/limits';
import { hasRoom } from './inbox-load.ts';

describe('the load of an inbox', () => {
  it('S77: takes so many rows and bytes of one person, and so many rows of all', () => {
    expect(hasRoom({ rows: 0, bytes: 0, all: 0 }, 100)).toBeTrue();
    expect(hasRoom({ rows: INBOX_ROWS_OF_SENDER - 1, bytes: 0, all: INBOX_ROWS - 1 }, 100)).toBeTrue();
    expect(hasRoom({ rows: INBOX_ROWS_OF_SENDER, bytes: 0, all: 0 }, 100)).toBeFalse();
    expect(hasRoom({ rows: 1, bytes: INBOX_BYTES_OF_SENDER - 100, all: 0 }, 100)).toBeTrue();
    expect(hasRoom({ rows: 1, bytes: INBOX_BYTES_OF_SENDER - 99, all: 0 }, 100)).toBeFalse();
    expect(hasRoom({ rows: 0, bytes: 0, all: INBOX_ROWS }, 100)).toBeFalse();
  });
});
