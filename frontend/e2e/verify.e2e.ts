import encodeQR from 'qr';
import { faultsOf } from './accessibility.ts';
import { films, photographOf } from './filmed.ts';
import { Installation } from './installation.ts';
import type { Person } from './person.ts';

/** Two people who are together: what is on the one's screen is held before the other's camera. */
describe('Two people verify each other', () => {
  let installation: Installation;
  let mira: Person;
  let jonas: Person;

  beforeAll(async () => {
    installation = await Installation.open();
    [mira, jonas] = await installation.miraAndJonas();
  });
  afterAll(async () => expect(await installation.close()).toEqual([]));

  /** To the page about somebody, from the conversation with them. */
  async function opensPage(person: Person, other: Person, row = `Verify ${other.name}`): Promise<void> {
    await person.openChat(other);
    await person.page.getByRole('heading', { level: 1 }).getByRole('link', { name: other.name }).click();
    await person.page.getByRole('link', { name: row }).click();
  }
  const codeFor = ({ page }: Person, other: Person) =>
    page.getByRole('img', { name: `QR code for ${other.name} to scan` });

  const screenOf = (person: Person, other: Person) => photographOf(codeFor(person, other));

  it('by one scan: both see the shield, and so does every device of theirs', async () => {
    const tablet = await installation.another(jonas);
    await mira.openChat(jonas);
    expect(await mira.page.getByText('Verified').count()).toBe(0);
    await Promise.all([opensPage(mira, jonas), opensPage(jonas, mira)]);
    const photograph = await screenOf(mira, jonas);
    expect(await faultsOf(mira.page, 'a code to compare')).toEqual([]);
    await films(jonas.page, photograph);
    await jonas.page.getByRole('button', { name: 'Scan Mira Sand’s code' }).click();
    await jonas.page.getByRole('heading', { name: 'Verified' }).waitFor();
    await mira.page.getByRole('heading', { name: 'Verified' }).waitFor();
    expect(await faultsOf(jonas.page, 'verified')).toEqual([]);
    for (const [person, other] of [
      [mira, jonas],
      [jonas, mira],
      [tablet, mira],
    ] as const) {
      await person.openChat(other);
      await person.page.getByRole('heading', { level: 1 }).getByText('Verified').waitFor();
    }
    await mira.page.getByRole('heading', { level: 1 }).getByRole('link', { name: 'Jonas Weber' }).click();
    await mira.page.getByText('Verified: you have compared').waitFor();
  });

  it('and read it where a code names other keys than their devices know', async () => {
    const { page } = mira;
    await opensPage(mira, jonas, 'Compare again');
    await page.getByRole('button', { name: 'Show my code' }).click();
    const jonass = /[0-9a-f-]{36}/.exec(page.url())?.[0] ?? '';
    const said = Buffer.concat([Buffer.from(jonass.replaceAll('-', ''), 'hex'), Buffer.alloc(80, 7)]);
    const drawn = encodeQR(`PARLEY1:${said.toString('base64')}`, 'svg', { ecc: 'quartile', border: 2 });
    await films(mira.page, `svg+xml;base64,${Buffer.from(drawn).toString('base64')}`);
    await page.getByRole('button', { name: 'Scan Jonas Weber’s code' }).click();
    await page.getByRole('alert').getByText('This does not match').waitFor();
    expect(await faultsOf(page, 'a mismatch')).toEqual([]);
    await page.getByRole('button', { name: 'Try again' }).click();
    await codeFor(mira, jonas).waitFor();
  });

  it('not by the code of somebody else', async () => {
    const ada = await (await installation.arrival('Ada Okafor')).register();
    await ada.befriend(mira);
    await ada.befriend(jonas);
    await ada.comesIn();
    await ada.hasKeys();
    await opensPage(ada, mira);
    const photograph = await screenOf(ada, mira);
    await opensPage(mira, jonas, 'Compare again');
    await mira.page.getByRole('button', { name: 'Show my code' }).click();
    await films(mira.page, photograph);
    await mira.page.getByRole('button', { name: 'Scan Jonas Weber’s code' }).click();
    await mira.page.getByText('This code is not Jonas Weber’s.').waitFor();
    expect(await faultsOf(mira.page, 'another code')).toEqual([]);
  });
});
