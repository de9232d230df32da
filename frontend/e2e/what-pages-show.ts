import { onScreen } from './on-screen.ts';

/** A jasmine helper: where a spec fails, the run says what each page showed at that moment. */
const LONGEST = 1_500;

jasmine.getEnv().addReporter({
  async specDone(spec) {
    if (spec.status !== 'failed') return;
    for (const { name, page } of onScreen()) {
      const shown = await Promise.race([
        page.evaluate(() => document.body.innerText),
        new Promise<string>(resolve => setTimeout(resolve, 3_000, '(the page does not answer)')),
      ]).catch((error: unknown) => `(${String(error)})`);
      console.log(`\n${name} at ${page.url()} sees:\n${shown.slice(0, LONGEST).replaceAll(/\n\s*\n/g, '\n')}`);
    }
  },
});
