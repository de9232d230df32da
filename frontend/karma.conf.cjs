const { writeFileSync } = require('node:fs');

/** Writes what `npm test` adds up into the file that PARLEY_COUNTS names, as scripts/count-specs.ts does for jasmine. */
function CountingReporter() {
  const notRun = [];
  const failed = [];
  this.onSpecComplete = (_browser, spec) => {
    const title = [...spec.suite, spec.description].join(' ');
    if (spec.skipped) notRun.push(title);
    else if (!spec.success) failed.push(`${title}: ${spec.log[0]?.split('\n', 1)[0]}`);
  };
  this.onRunComplete = (_browsers, results) => {
    if (results.error || results.disconnected) failed.push('ng test: the browser was lost, or the specs did not load');
    const file = process.env.PARLEY_COUNTS;
    if (file) writeFileSync(file, JSON.stringify({ passed: results.success, failed, notRun }));
  };
}

/** The app's specs run in a real, headless Chromium with fake media devices. */
module.exports = config =>
  config.set({
    basePath: '',
    logLevel: config.LOG_WARN,
    frameworks: ['jasmine'],
    plugins: [
      require('karma-jasmine'),
      require('karma-chrome-launcher'),
      { 'reporter:counts': ['type', CountingReporter] },
    ],
    reporters: ['dots', 'counts'],
    browsers: ['Chromium'],
    // Longer than a spec may take, so that one that hangs is named before the browser is given up.
    browserNoActivityTimeout: 120_000,
    customLaunchers: {
      Chromium: {
        base: 'ChromeHeadless',
        flags: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-dev-shm-usage',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
          '--no-first-run',
          '--use-fake-ui-for-media-stream',
          '--use-fake-device-for-media-stream',
          '--autoplay-policy=no-user-gesture-required',
        ],
      },
    },
    client: { jasmine: { random: true, timeoutInterval: 30_000 } },
  });
