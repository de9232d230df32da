import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildTime } from './build-time.ts';

describe('the time of the build', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-build-'));
  });
  afterEach(() => rm(directory, { recursive: true }));
  const built = async (text: string): Promise<number> => {
    await writeFile(join(directory, 'ngsw.json'), text);
    return buildTime(directory);
  };

  it('is what the builder wrote down', async () => {
    expect(await built('{"configVersion":1,"timestamp":1900000000000}')).toBe(1_900_000_000_000);
  });

  it('is some day before it where there is none, half of one, or one that says nothing', async () => {
    const earliest = await buildTime(join(directory, 'nothing'));
    expect(earliest).toBe(Date.UTC(2026, 0, 1));
    for (const text of ['', '{"configVersion":1,"timest', '[]', 'null', '{"timestamp":"soon"}', '{"timestamp":1}'])
      expect(await built(text))
        .withContext(text)
        .toBe(earliest);
  });
});
