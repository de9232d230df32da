import * as fc from 'fast-check';
import {
  readRecordingMessage,
  recordingId,
  type RecordingMessage,
  writeRecordingMessage,
} from '#protocol/direct/recording-messages';

const id = recordingId.parse('0190c0de-0000-7000-8000-000000000001');

describe('Messages about recordings', () => {
  it('are read as they were written', () => {
    const messages: RecordingMessage[] = [
      { type: 'hello', runs: null },
      { type: 'hello', runs: id },
      { type: 'ask', id },
      { type: 'answer', id, allow: true },
      { type: 'runs', id },
      { type: 'stop', id },
      { type: 'ended', id },
    ];
    for (const message of messages)
      expect(readRecordingMessage(writeRecordingMessage(message))).toEqual({ ok: true, value: message });
  });

  for (const [what, data] of Object.entries({
    'no JSON': '{',
    'no text': new ArrayBuffer(4),
    'an unknown type': JSON.stringify({ type: 'please', id }),
    'a foreign id': JSON.stringify({ type: 'ask', id: 'x' }),
    'a consent that is neither yes nor no': JSON.stringify({ type: 'answer', id, allow: 'yes' }),
    'a hello that names nothing': JSON.stringify({ type: 'hello' }),
    'more than a message': `${JSON.stringify({ type: 'ask', id })}${' '.repeat(300)}`,
  }))
    it(`are unreadable: ${what}`, () => expect(readRecordingMessage(data)).toEqual({ ok: false, error: 'unreadable' }));

  it('never make reading throw', () => {
    fc.assert(fc.property(fc.anything(), data => void readRecordingMessage(data)));
  });
});
