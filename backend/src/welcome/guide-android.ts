import { button, lastSteps, pressed, shown, typed, way, type Guide, type Line, type Step } from './guide.ts';

const download = (screen: readonly Line[]): Step => ({
  title: { en: 'Download the certificate', de: 'Das Zertifikat laden' },
  help: 'download',
  screen,
});

const beforehand = {
  en: 'From then on Android shows “Network may be monitored”. It means this certificate: Android says so for every certificate that a person installs.',
  de: 'Danach zeigt Android „Netzwerk wird möglicherweise überwacht“. Gemeint ist dieses Zertifikat: Android meldet das bei jedem Zertifikat, das jemand selbst installiert.',
};

/** The words of Android 13 and later; older ones leave a menu out. */
const install: Step = {
  title: { en: 'Install it', de: 'Installieren' },
  path: way([
    ['Settings', 'Einstellungen'],
    ['Security & privacy', 'Sicherheit & Datenschutz'],
    ['More security & privacy', 'Weitere Sicherheitseinstellungen'],
    ['Encryption & credentials', 'Verschlüsselung & Anmeldedaten'],
  ]),
  sentence: {
    en: 'Does your phone use other names? Search its settings for “CA certificate”.',
    de: 'Heißt es bei dir anders? Suche in den Einstellungen nach „CA-Zertifikat“.',
  },
  beforehand,
  screen: [
    pressed('Install a certificate', 'Zertifikat installieren'),
    pressed('CA certificate', 'CA-Zertifikat'),
    button('Install anyway', 'Trotzdem installieren'),
    typed('PIN or fingerprint', 'PIN oder Fingerabdruck'),
    pressed('parley.crt'),
  ],
};

const rest: Step[] = [
  install,
  ...lastSteps({
    en: 'Encryption & credentials › Trusted credentials › User › {root}: its SHA-256 fingerprint must be the one on the server’s screen.',
    de: 'Verschlüsselung & Anmeldedaten › Vertrauenswürdige Anmeldedaten › Nutzer › {root}: Der SHA-256-Fingerabdruck muss der auf dem Bildschirm des Servers sein.',
  }),
];

/** Chrome and what is made from it: Edge, Samsung Internet, Brave. */
export const androidChromeGuide: Guide = {
  steps: [download([shown('parley.crt'), button('Keep', 'Beibehalten')]), ...rest],
  home: {
    en: 'Then in Chrome: ⋮ › Add to Home screen.',
    de: 'Dann in Chrome: ⋮ › Zum Startbildschirm hinzufügen.',
  },
};

/** Firefox takes the system's own certificates since version 120. */
export const androidFirefoxGuide: Guide = {
  steps: [
    download([shown('Download parley.crt?', 'parley.crt herunterladen?'), button('Download', 'Herunterladen')]),
    ...rest,
  ],
  home: {
    en: 'Then in Firefox: ⋮ › Add app to Home screen.',
    de: 'Dann in Firefox: ⋮ › App zum Startbildschirm hinzufügen.',
  },
};
