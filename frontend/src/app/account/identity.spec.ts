import { forgetIdentity, loadIdentity, loadProof, saveIdentity } from './identity';
import { identityOf, SECRET, someone } from './testing/server';

describe('the identity on this device', () => {
  afterEach(() => forgetIdentity());

  it('is kept until it is forgotten', async () => {
    await saveIdentity(identityOf());
    expect(await loadIdentity()).toEqual(identityOf());
    await forgetIdentity();
    expect(await loadIdentity()).toBeUndefined();
  });

  it('is the last one', async () => {
    await saveIdentity(identityOf());
    const mira = identityOf(someone({ username: 'mira' }));
    await saveIdentity(mira);
    expect(await loadIdentity()).toEqual(mira);
  });

  it('leaves a proof of the device where its sign-in was refused, and none where the person left', async () => {
    const { deviceId, deviceSecret, me } = identityOf();
    await saveIdentity(identityOf());
    await forgetIdentity({ deviceId, deviceSecret, username: me.username });
    expect(await loadIdentity()).toBeUndefined();
    expect(await loadProof()).toEqual({ deviceId, deviceSecret: SECRET, username: 'noor' });
    await forgetIdentity();
    expect(await loadProof()).toBeUndefined();
  });
});
