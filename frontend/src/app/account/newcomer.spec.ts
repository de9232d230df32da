import { TestBed } from '@angular/core/testing';
import { type Arrival, NewcomerDoor } from './newcomer';
import { type Asked, json, problemOf, serverOf, someone } from './testing/server';

describe('the door for somebody new', () => {
  const CODE = 'ABCDEFGHJK';
  const LINK = 'abcdefghijklmnopqrstuv';
  const about =
    (signUp: string, more: object = {}) =>
    () =>
      json({
        id: '22222222-2222-4222-8222-222222222222',
        name: 'Home',
        epoch: 'e',
        signUp,
        protocol: 'p',
        version: '1',
        ...more,
      });
  const { id, username, displayName } = someone();
  const invited = () => json({ inviter: { id, username, displayName }, expiresAt: 1 });

  async function arrive(arrival: Arrival, answers: Parameters<typeof serverOf>[0]): Promise<[NewcomerDoor, Asked[]]> {
    TestBed.configureTestingModule({ providers: [NewcomerDoor] });
    const asked = serverOf(answers);
    const door = TestBed.inject(NewcomerDoor);
    await door.arrive(arrival);
    return [door, asked];
  }
  const plain: Arrival = { path: 'sign-up', fragment: null };

  it('is open, asks for an invitation, or is closed, as the installation says', async () => {
    const [open] = await arrive(plain, { 'GET /api/installation': about('open') });
    expect(open.state()).toEqual({ is: 'form', shown: {}, by: 'open' });
    expect(open.about()?.name).toBe('Home');
  });

  it('asks for an invitation where one is needed, and says so to the first one of all', async () => {
    const [door] = await arrive(plain, { 'GET /api/installation': about('invitation', { setUp: true }) });
    expect(door.state()).toEqual({ is: 'code', wrong: false, setUp: true });
  });

  it('is closed where nobody may come in', async () => {
    const [door] = await arrive(plain, { 'GET /api/installation': about('closed') });
    expect(door.state()).toEqual({ is: 'shut', why: 'closed' });
  });

  it('knows who invites by the code behind the #, which no address carries', async () => {
    const [door, asked] = await arrive(
      { path: 'invite', fragment: CODE },
      { 'GET /api/installation': about('invitation'), 'POST /api/invitations/open': invited },
    );
    expect(door.state()).toEqual({
      is: 'form',
      shown: { invitation: CODE },
      by: 'invitation',
      inviter: { id, username, displayName },
    });
    expect(asked.some(({ what }) => what.includes(CODE))).toBeFalse();
    expect(asked.at(-1)?.body).toEqual({ code: CODE });
  });

  it('says that a code is wrong, and takes another one', async () => {
    const [door, asked] = await arrive(
      { path: 'invite', fragment: CODE },
      {
        'GET /api/installation': about('invitation'),
        'POST /api/invitations/open': ({ body }) =>
          JSON.stringify(body).includes('KKKK') ? invited() : problemOf('invalid-code', 403),
      },
    );
    expect(door.state()).toEqual({ is: 'code', wrong: true, setUp: false });
    const before = asked.length;
    await door.enter('not ten letters at all');
    expect(asked.length).toBe(before);
    await door.enter('kkkkk kkkkk');
    expect(door.state().is).toBe('form');
  });

  it('lets the form decide where the server cannot be reached', async () => {
    const [door] = await arrive(plain, {});
    expect(door.state().is).toBe('form');
  });

  it('takes the set-up link while it works', async () => {
    const [door] = await arrive(
      { path: 'set-up', fragment: LINK },
      { 'GET /api/installation': about('closed', { setUp: true }), 'POST /api/set-up/open': () => json({}) },
    );
    expect(door.state()).toEqual({ is: 'form', shown: { setUp: LINK }, by: 'set-up' });
  });

  it('takes a set-up link that was scanned, where it was asked for a code', async () => {
    const [door] = await arrive(plain, {
      'GET /api/installation': about('invitation', { setUp: true }),
      'POST /api/set-up/open': () => json({}),
    });
    await door.enter(`https://parley.local:8443/set-up#${LINK}`);
    expect(door.state()).toEqual({ is: 'form', shown: { setUp: LINK }, by: 'set-up' });
  });

  it('says that a set-up link was used', async () => {
    const [door] = await arrive(
      { path: 'set-up', fragment: LINK },
      { 'GET /api/installation': about('open'), 'POST /api/set-up/open': () => problemOf('invalid-code', 403) },
    );
    expect(door.state()).toEqual({ is: 'shut', why: 'set-up-used' });
  });
});
