import { LiveServer } from '../testing/live-server.ts';
import type { TestDevice } from '../testing/people.ts';
import { Talk } from '../testing/talk.ts';
import type { TestClient } from '../testing/test-client.ts';

type Line = { level: number; msg?: string; event?: string; outcome?: string };
const [DEBUG, INFO] = [20, 30];

describe('What the log and the metrics tell of chats and calls', () => {
  let logged: string[];
  let server: LiveServer;
  let ada: TestDevice;
  let ben: TestDevice;
  let adaLine: TestClient;
  let benLine: TestClient;
  let talk: Talk;

  beforeEach(async () => {
    logged = [];
    server = await LiveServer.start({ logged });
    [ada, ben] = [await server.person('astrid'), await server.person('bjorn')];
    talk = new Talk(ada, ben, await server.befriend(ada, ben));
    [adaLine, benLine] = [await server.connect(ada), await server.connect(ben)];
  });
  afterEach(() => server.stop());

  const lines = () => logged.map(line => JSON.parse(line) as Line);

  /** Everything that two people do, with words in it that stand nowhere else. */
  async function live(): Promise<readonly string[]> {
    const [text, sdp, candidate] = ['a word to ben', 'v=0 ice-pwd:of-this-call', 'candidate:1 192.0.2.7'];
    talk.post(adaLine, text);
    await benLine.next('chat.message');
    await talk.active(adaLine, benLine);
    await talk.offered(adaLine, benLine, sdp);
    adaLine.say({ type: 'call.ice-candidate', ...talk.to(ben), link: 1, data: candidate });
    await benLine.next('call.ice-candidate');
    await talk.hungUp(adaLine, benLine);
    return [text, sdp, 'ice-pwd', candidate, '192.0.2.7'];
  }

  it('R15 is not one line of a chat or a call that goes well, at info', async () => {
    await live();
    await server.signaling.idle();
    expect(lines().filter(({ level }) => level >= INFO)).toEqual([]);
  });

  it('R15 is no text, description, candidate, name or token, at any level, where all goes wrong, too', async () => {
    const words = await live();
    const token = ada.token();
    for (const frame of [
      { type: 'chat.post', counts: true, n: 1, data: words[0] },
      { type: 'call.offer', data: words[1] },
      { type: 'call.offer', [String(words[2])]: words[3] },
      { type: 'hello', token },
      `{"type":"hello","token":"${token}`,
      `${words[4]}`,
    ]) {
      const hostile = await server.connect(ben);
      hostile.write(frame);
      expect(await hostile.closed).toBe(4400);
    }
    const stranger = server.client();
    await stranger.open();
    stranger.write({ type: 'hello', token: `${token}x` });
    expect(await stranger.closed).toBe(4401);
    const broken = spyOn(server.store, 'appendMessage').and.rejectWith(new Error('disk on fire'));
    talk.post(adaLine, String(words[0]));
    await adaLine.next('fault');
    broken.and.callThrough();
    for (const word of [...words, token, token.slice(-20), 'astrid', 'bjorn'])
      expect(logged.some(line => line.includes(word)))
        .withContext(word)
        .toBeFalse();
    expect(lines().filter(({ level }) => level === DEBUG).length)
      .withContext('why, for whoever looks')
      .toBeGreaterThan(4);
    expect(logged.join()).toContain('disk on fire');
  });

  it('is a line of the security log for each socket closed as unauthorized, malformed or too fast', async () => {
    const noted = () => lines().flatMap(({ event, outcome }) => (event === 'socket' ? [outcome] : []));
    const stranger = server.client();
    await stranger.open();
    stranger.write({ type: 'hello', token: 'a.b.c' });
    expect(await stranger.closed).toBe(4401);
    expect(noted()).toEqual(['unauthorized']);
    benLine.write('hello');
    expect(await benLine.closed).toBe(4400);
    expect(noted()).toEqual(['unauthorized', 'malformed']);
    for (let i = 0; i < 3_000; i++) adaLine.write({ type: 'ping' });
    while (noted().length < 3) await new Promise(resolve => setImmediate(resolve));
    expect(noted()).toEqual(['unauthorized', 'malformed', 'tooFast']);
  });

  it('is how many frames of each type went in and out', async () => {
    const value = async (name: string): Promise<number> => {
      const text = await server.metrics.registry.metrics();
      const line = text.split('\n').find(one => one.startsWith(`${name} `));
      return Number(line?.split(' ').at(-1) ?? 0);
    };
    talk.post(adaLine, 'one');
    talk.post(adaLine, 'two');
    await benLine.next('chat.message');
    await benLine.next('chat.message');
    const hostile = await server.connect(ben);
    hostile.write({ type: 'made-up', n: 1 });
    expect(await hostile.closed).toBe(4400);
    // Frames are counted as they come and told with each tick.
    server.time.pass(1_000);
    expect(await value('parley_frames_total{direction="in",type="chat.post"}')).toBe(2);
    expect(await value('parley_frames_total{direction="out",type="chat.message"}')).toBe(2);
    expect(await server.metrics.registry.metrics()).not.toContain('made-up');
  });

  it('is one session for each device, where a page was loaded again and where a device has gone', async () => {
    const sessions = async () => /^parley_sessions (\d+)$/m.exec(await server.metrics.registry.metrics())?.[1];
    // A page that is loaded again has a new session, and the one before ends without an event.
    benLine = await server.connect(ben);
    benLine = await server.connect(ben);
    expect(await sessions()).toBe('2');
    benLine.cut();
    await server.seen(ben, 0);
    expect(await sessions()).toBe('2');
    server.time.pass(61_000);
    expect(await sessions()).toBe('1');
  });
});
