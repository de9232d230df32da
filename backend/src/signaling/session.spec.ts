import { LiveServer, type TestDevice } from '../testing/live-server.ts';

describe('a session', () => {
  let server: LiveServer;
  let ada: TestDevice;

  beforeEach(async () => {
    server = await LiveServer.start();
    ada = await server.person('ada');
  });
  afterEach(() => server.stop());

  it('P20 begins with hello and welcome', async () => {
    const client = server.client();
    const welcome = await client.hello(ada.token());
    expect(welcome).toEqual(
      jasmine.objectContaining({ how: 'new', ack: 0, userId: ada.userId, deviceId: ada.deviceId, presence: [] }),
    );
    expect(welcome.tokenMs).toBeGreaterThan(0);
    await client.settled();
  });
});
