import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Caller } from './caller.ts';
import { SIZES } from './chromium.ts';
import { Installation } from './installation.ts';
import type { Person } from './person.ts';

/** Takes the pictures of README and of the manifest from a real server and real pages, whose clocks show a little past six in the evening. */
const FOLDER = join(import.meta.dirname, '..', 'public', 'screens');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Who writes what to Noor, or Noor to whom, and how long ago it will have been. */
const SAID = [
  ['Lin Zhao', 'Thank you for the soup!', 76 * HOUR],
  ['to Lin Zhao', 'There is more of it in the freezer', 75 * HOUR],
  ['Ada Okafor', 'The lathe is free from four', 3 * HOUR],
  ['to Ada Okafor', 'I will bring the cables and the tripod', 2.4 * HOUR],
  ['to Opa Heinrich', 'See you on Sunday then!', 2 * HOUR],
  ['Mira Sand', 'Did the new access point reach the shed?', 52 * MINUTE],
  ['Mira Sand', 'The old one dropped me twice during the call yesterday 😕', 52 * MINUTE],
  ['to Mira Sand', 'Yes! Full bars at the workbench now.', 49 * MINUTE],
  ['to Mira Sand', 'It hangs above the door, where the rain does not reach it', 48 * MINUTE],
  ['Mira Sand', 'Great. Then let us try the call from there at eight?', 8 * MINUTE],
  ['Mira Sand', 'The address is still https://parley.local', 8 * MINUTE],
  ['to Mira Sand', 'I am there already. Bring tea ☕', 4 * MINUTE],
] as const;

/** What Noor has not read yet. */
const UNREAD = ['Ada Okafor', 'Can you take the ladder too?', 1.9 * HOUR] as const;

/** IANA's name of the time zone in which it is now six o'clock; its signs are the wrong way round (POSIX). */
function sixOClock(): string {
  const ahead = ((18 - new Date().getUTCHours() + 36) % 24) - 12;
  return `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
}

async function write(noor: Person, others: readonly Person[]): Promise<void> {
  for (const [who, text] of SAID) {
    const other = others.find(({ name }) => who.endsWith(name));
    if (other === undefined) throw new Error(`nobody is called ${who}`);
    const [from, to] = who.startsWith('to ') ? [noor, other] : [other, noor];
    await Promise.all([from.openChat(to), to.openChat(from)]);
    await from.write(text);
    await to.page.locator('parley-bubble').filter({ hasText: text }).waitFor();
  }
}

async function missCall(jonas: Person, noor: Person): Promise<void> {
  const [caller, called] = [new Caller(jonas), new Caller(noor)];
  await caller.calls(noor);
  await called.isRung(jonas);
  await caller.presses('Cancel call');
  await called.isFree();
}

/** Lets what has just been said have been said some time ago. The server must be stopped. */
function age(directory: string): void {
  const database = new DatabaseSync(join(directory, 'data', 'parley.sqlite'));
  // The server knows no word of them: they are told apart by their order, in which they were written.
  const rows = database.prepare('SELECT rowid AS row FROM message ORDER BY at').all();
  const said = [...SAID, UNREAD];
  if (rows.length !== said.length) throw new Error(`${rows.length} messages, not ${said.length}`);
  const makeOlder = database.prepare('UPDATE message SET at = at - ? WHERE rowid = ?');
  for (const [i, { row }] of rows.entries()) makeOlder.run(said[i]?.[2] ?? NaN, row ?? null);
  database.prepare('UPDATE call SET at = at - ?').run(20 * MINUTE);
  database.close();
}

/** The device has its person's key, and has read everything with it. */
async function hasHistory({ page }: Person): Promise<void> {
  await page.locator('parley-chat-row').getByText('There is more of it in the freezer').waitFor();
  for (const words of ['Not opened yet', 'Your history is coming']) {
    await page.getByText(words).first().waitFor({ state: 'detached' });
  }
}

async function picture({ page }: Person, name: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: 'disabled', caret: 'hide' });
}

mkdirSync(FOLDER, { recursive: true });
const installation = await Installation.open();
try {
  const noor = await installation.member('Noor Haddad');
  const others: Person[] = [];
  for (const name of ['Mira Sand', 'Jonas Weber', 'Opa Heinrich', 'Ada Okafor', 'Lin Zhao']) {
    const person = await installation.member(name);
    await person.befriend(noor);
    others.push(person);
  }
  const [mira, jonas, opa, ada, lin] = others;
  if (!mira || !jonas || !opa || !ada || !lin) throw new Error('somebody is missing');
  await write(noor, others);
  await missCall(jonas, noor);
  await noor.go('Contacts');
  await ada.openChat(noor);
  await ada.write(UNREAD[1]);
  await ada.bubble('Can you take the ladder too\\?').getByText('Delivered').waitFor({ state: 'attached' });
  for (const person of [noor, jonas, lin]) await person.close();
  await installation.server.stop();
  age(installation.server.directory);
  await installation.server.start();
  await Promise.all([mira, opa, ada].map(person => person.isLive()));

  const more = { timezoneId: sixOClock() };
  const desktop = await installation.another(noor, more);
  await hasHistory(desktop);
  await desktop.openChat(mira);
  await desktop.page.locator('parley-conversation-header').getByText('online').waitFor();
  await desktop.reads('I am there already. Bring tea ☕');
  await mira.openChat(desktop);
  await mira.composer.pressSequentially('On my');
  await desktop.page.locator('parley-typing-bubble').waitFor();
  await picture(desktop, 'conversation-desktop');
  await desktop.close();

  const phone = await installation.another(noor, { ...more, viewport: SIZES.phone });
  await hasHistory(phone);
  await phone.page.locator('parley-chat-row').getByText('Missed video call').waitFor();
  await mira.composer.pressSequentially(' way');
  await phone.page.locator('parley-chat-row').getByText('typing…').waitFor();
  await picture(phone, 'chats-phone');
  await phone.openChat(mira);
  await phone.page.locator('parley-typing-bubble').waitFor();
  await picture(phone, 'conversation-phone');
} finally {
  await installation.close();
}
