import { buffer } from 'node:stream/consumers';
import { faultsOf } from './accessibility.ts';
import { arriving, liveTracks } from './call-probe.ts';
import { Caller } from './caller.ts';
import { GROUND } from './chromium.ts';
import { TwoPeople } from './two-people.ts';
import { until } from './until.ts';

const STAGE = 'parley-voice';

describe('A call', () => {
  let two: TwoPeople;
  let mira: Caller;
  let jonas: Caller;

  beforeAll(async () => {
    two = await TwoPeople.meet();
    [mira, jonas] = [new Caller(two.mira), new Caller(two.jonas)];
  });
  afterEach(async () => {
    for (const caller of [mira, jonas]) await caller.closesOutcome();
  });
  afterAll(async () => expect(await two.part()).toEqual([]));

  describe('with pictures', () => {
    beforeEach(async () => {
      await mira.calls(two.jonas);
      await jonas.isRung(two.mira);
      await jonas.accepts();
      await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira)]);
    });
    afterEach(async () => {
      await mira.hangsUp();
      await Promise.all([mira.holdsNothing(), jonas.holdsNothing()]);
    });

    it('CA44b a screen is shared beside the camera, which is large again afterwards', async () => {
      await mira.presses('Share screen');
      await jonas.reads('Mira Sand shares a screen');
      await until(
        'Jonas sees something else, whole',
        () => jonas.arriving(),
        ({ frames, ground }) => frames > 0 && Math.abs(ground - GROUND.mira) > 10,
      );
      await jonas.page.locator('video.remote.whole').waitFor();
      const camera = jonas.page.locator('parley-peer-camera');
      await until(
        'Jonas sees Mira beside it',
        async () => ((await camera.count()) > 0 ? arriving(jonas.page, 'parley-peer-camera video') : { ground: 0 }),
        ({ ground }) => Math.abs(ground - GROUND.mira) < 40,
      );
      await camera.getByRole('button').press('Enter');
      await mira.presses('Camera off');
      await camera.waitFor({ state: 'detached' });
      await mira.presses('Camera off');
      await camera.waitFor();
      const faults = await Promise.all([
        faultsOf(mira.page, 'sharing the screen', STAGE),
        faultsOf(jonas.page, 'a screen is shared', STAGE),
      ]);
      expect(faults.flat()).toEqual([]);
      await mira.presses('Share screen');
      await camera.waitFor({ state: 'detached' });
      await jonas.sees(GROUND.mira);
    });

    it('a file goes from device to device, once it is taken, and is saved as it was', async () => {
      await mira.presses('More');
      await mira.page.getByRole('button', { name: 'Send a file' }).click();
      const sheet = (caller: Caller) => caller.page.locator('parley-files-sheet');
      const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i % 251));
      await sheet(mira)
        .locator('input[type=file]')
        .setInputFiles({ name: 'Roof plans.zip', mimeType: 'application/zip', buffer: bytes });
      await sheet(mira).getByText('Waiting for Jonas Weber to take it').waitFor();
      await jonas.page.getByRole('button', { name: 'Mira Sand offers you “Roof plans.zip”' }).click();
      await sheet(jonas).getByRole('button', { name: 'Take it' }).click();
      await sheet(jonas).getByText('Here, whole and checked').waitFor();
      await sheet(mira).getByText('Jonas Weber has it, whole and checked').waitFor();
      const faults = await Promise.all([
        faultsOf(mira.page, 'files sent', 'parley-files-sheet'),
        faultsOf(jonas.page, 'files taken', 'parley-files-sheet'),
      ]);
      expect(faults.flat()).toEqual([]);
      const [download] = await Promise.all([
        jonas.page.waitForEvent('download'),
        sheet(jonas).getByRole('button', { name: 'Save' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('Roof plans.zip');
      expect(bytes.equals(await buffer(await download.createReadStream()))).toBeTrue();
      for (const { page } of [mira, jonas]) await page.keyboard.press('Escape');
    });

    it('is recorded once the other person allows it, who can end that, and the file is saved', async () => {
      // Its own dialog would wait for a person: without it the file goes to the downloads.
      await mira.page.evaluate(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
      const choose = async (action: string) => {
        await mira.presses('More');
        await mira.page.getByRole('button', { name: action }).click();
      };
      const mark = (caller: Caller) => caller.page.locator('parley-recording-mark .mark');
      await choose('Record this call');
      await mark(mira).getByText('Asking Jonas Weber').waitFor();
      const question = jonas.page.locator('parley-recording-question');
      await question.getByText('Mira Sand wants to record this call').waitFor();
      expect(await faultsOf(jonas.page, 'may it be recorded', 'parley-recording-question')).toEqual([]);
      await question.getByRole('button', { name: 'Allow', exact: true }).click();
      await mark(mira).getByText('Recording').waitFor();
      await mark(jonas).getByText('Mira Sand is recording').waitFor();
      const faults = await Promise.all([
        faultsOf(mira.page, 'recording', STAGE),
        faultsOf(jonas.page, 'being recorded', STAGE),
      ]);
      expect(faults.flat()).toEqual([]);
      await jonas.presses('Small view');
      expect(await faultsOf(jonas.page, 'being recorded in the small view', 'parley-small-call')).toEqual([]);
      await mark(mira)
        .getByText(/0:0[4-9]|0:[1-9]|[1-9]:/)
        .waitFor();
      await jonas.presses('Stop the recording');
      await mira.reads('Jonas Weber has stopped the recording.');
      await jonas.page.getByRole('button', { name: 'Return to call' }).click();
      await choose('Recordings');
      const sheet = mira.page.locator('parley-recordings-sheet');
      expect(await faultsOf(mira.page, 'recordings', 'parley-recordings-sheet')).toEqual([]);
      const [download] = await Promise.all([
        mira.page.waitForEvent('download'),
        sheet.getByRole('button', { name: 'Save' }).click(),
      ]);
      expect(download.suggestedFilename()).toMatch(/^Parley, Jonas Weber, [\d. -]+\.(mp4|webm)$/);
      expect((await buffer(await download.createReadStream())).length).toBeGreaterThan(20_000);
      await sheet.getByRole('button', { name: 'Delete' }).click();
      await sheet.getByText('There is none any more.').waitFor();
      await mira.page.keyboard.press('Escape');
      await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira)]);
    });

    it('the stage can be left: the call goes on in a small view, with picture and sound', async () => {
      await mira.presses('Small view');
      const small = mira.page.locator('parley-small-call');
      await small.waitFor();
      for (const room of ['Calls', 'Settings', 'Contacts'] as const) await two.mira.go(room);
      await Promise.all([mira.hears(), jonas.hears(), jonas.sees(GROUND.mira)]);
      await until(
        'the small picture goes on',
        () => small.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime),
        time => time > 1,
      );
      expect(await faultsOf(mira.page, 'small view', 'parley-small-call')).toEqual([]);
      await small.getByRole('button', { name: 'Return to call' }).click();
      await mira.sees(GROUND.jonas);
    });

    it('Back makes the call small and leaves the page beneath where it is; the next Back is the page’s', async () => {
      const small = mira.page.locator('parley-small-call');
      const conversation = mira.page.url();
      await mira.presses('More');
      await mira.page.locator('parley-more-sheet dialog').waitFor();
      expect(await faultsOf(mira.page, 'more', 'parley-more-sheet')).toEqual([]);
      await mira.page.goBack();
      await mira.page.locator('parley-more-sheet').waitFor({ state: 'detached' });
      expect(await small.count()).toBe(0);
      await mira.page.goBack();
      await small.waitFor();
      expect(mira.page.url()).toBe(conversation);
      await mira.page.goBack();
      await until(
        'the page before the conversation',
        () => Promise.resolve(mira.page.url()),
        url => url !== conversation,
      );
      await Promise.all([mira.hears(), jonas.hears()]);
      await small.getByRole('button', { name: 'Return to call' }).click();
      await mira.sees(GROUND.jonas);
    });

    it('what is written beside the stage stands in the conversation', async () => {
      await mira.presses('Chat');
      const beside = mira.page.locator('parley-voice aside');
      await beside.getByRole('textbox', { name: 'Message', exact: true }).fill('The link to the drawing comes here');
      await beside.getByRole('button', { name: 'Send' }).click();
      await beside.locator('parley-bubble').getByText('The link to the drawing comes here').waitFor();
      await mira.sees(GROUND.jonas);
      await jonas.presses('Small view');
      await two.jonas.openChat(two.mira);
      await two.jonas.reads('The link to the drawing comes here');
      await two.jonas.write('Found it');
      await beside.locator('parley-bubble').getByText('Found it').waitFor();
      expect(await faultsOf(mira.page, 'chat beside the stage', STAGE)).toEqual([]);
    });

    it('the picture of the other can stand in a window of its own', async () => {
      await mira.presses('More');
      await mira.page.getByRole('button', { name: 'Picture in picture' }).click();
      await until(
        'the picture has left the page',
        () => mira.page.evaluate(() => document.pictureInPictureElement !== null),
        left => left,
      );
      await mira.hears();
      await mira.presses('More');
      await mira.page.getByRole('button', { name: 'Picture in picture' }).click();
      await mira.sees(GROUND.jonas);
    });
  });

  it('without pictures captures no camera, and shows one as soon as it is turned on', async () => {
    await mira.calls(two.jonas, 'audio');
    await jonas.isRung(two.mira);
    await jonas.reads('Parley audio call');
    await jonas.accepts();
    await Promise.all([mira.hears(), jonas.hears()]);
    expect(await Promise.all([liveTracks(mira.page), liveTracks(jonas.page)])).toEqual([1, 1]);
    await mira.presses('Camera off');
    await jonas.sees(GROUND.mira);
    await jonas.presses('Camera off');
    await mira.sees(GROUND.jonas);
    await jonas.hangsUp();
    await Promise.all([mira.holdsNothing(), jonas.holdsNothing()]);
  });

  it('two who have never compared do so by four emoji that they say, or end the call where these differ', async () => {
    const begin = async () => {
      await mira.calls(two.jonas);
      await jonas.isRung(two.mira);
      await jonas.accepts();
      await Promise.all([mira.sees(GROUND.jonas), jonas.sees(GROUND.mira)]);
    };
    const both = <T>(act: (caller: Caller) => Promise<T>) => Promise.all([act(mira), act(jonas)]);
    const compare = (caller: Caller) =>
      caller.page.getByRole('button', { name: /^Not verified\. Compare the four emoji/ }).click();
    const sheet = (caller: Caller) => caller.page.locator('parley-compare-sheet');
    const names = async (caller: Caller) => {
      const items = sheet(caller).getByRole('listitem');
      await items.nth(3).waitFor();
      return items.allTextContents();
    };
    const verified = (caller: Caller) => caller.page.locator('parley-voice parley-call-trust .verified').waitFor();

    await begin();
    await both(caller => caller.page.locator('parley-code-strip').getByText('Say the four emoji aloud.').waitFor());
    await both(compare);
    const [hers, his] = await both(names);
    expect(hers?.length).toBe(4);
    expect(hers).toEqual(his);
    expect((await both(({ page }) => faultsOf(page, 'four emoji', 'parley-compare-sheet'))).flat()).toEqual([]);
    await sheet(mira).getByRole('button', { name: 'They differ' }).click();
    await mira.reads('Somebody may sit between you and Jonas Weber');
    await both(caller => caller.holdsNothing());
    await both(caller => caller.closesOutcome());

    await begin();
    await both(compare);
    const again = await both(names);
    expect(again[0]).toEqual(again[1]);
    expect(again[0]).withContext('of another call').not.toEqual(hers);
    for (const caller of [mira, jonas]) {
      await sheet(caller).getByRole('button', { name: 'They are the same' }).click();
      await sheet(caller).waitFor({ state: 'detached' });
      await verified(caller);
    }
    expect((await both(({ page }) => faultsOf(page, 'verified', STAGE))).flat()).toEqual([]);
    await mira.hangsUp();
    await both(caller => caller.holdsNothing());
    await both(caller => caller.closesOutcome());

    await begin();
    await both(verified);
    expect(await both(({ page }) => page.getByText('Not verified').count())).toEqual([0, 0]);
    await mira.hangsUp();
    await both(caller => caller.holdsNothing());
  });
});
