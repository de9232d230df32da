import { button, lastSteps, pressed, shown, turnedOn, way, type Guide, type Step } from './guide.ts';

const download: Step = {
  title: { en: 'Download the certificate', de: 'Das Zertifikat laden' },
  help: 'download',
};

const asApp = {
  en: 'Then the icon at the end of the address bar installs Parley as an app.',
  de: 'Dann installiert das Symbol am Ende der Adressleiste Parley als App.',
};

/** Firefox takes a certificate in by itself, on every desktop system. */
export const firefoxGuide: Guide = {
  steps: [
    {
      title: { en: 'Add the certificate to Firefox', de: 'Das Zertifikat zu Firefox hinzufügen' },
      help: 'import',
      screen: [
        shown('You have been asked to trust a new Certificate Authority (CA).', 'Neue Zertifizierungsstelle (CA)'),
        turnedOn('Trust this CA to identify websites.', 'Dieser CA vertrauen, um Websites zu identifizieren.'),
        button('OK'),
      ],
    },
    ...lastSteps({
      en: 'Settings › Certificates › View Certificates › Authorities › Parley › View: its SHA-256 fingerprint must be the one on the server’s screen.',
      de: 'Einstellungen › Zertifikate › Zertifikate anzeigen › Zertifizierungsstellen › Parley › Ansehen: Der SHA-256-Fingerabdruck muss der auf dem Bildschirm des Servers sein.',
    }),
  ],
  home: {
    en: 'Firefox keeps Parley as a tab: pin it, so that it is there when it rings.',
    de: 'In Firefox bleibt Parley ein Tab: Hefte ihn an, damit er da ist, wenn es klingelt.',
  },
};

const openFile: Step = {
  title: { en: 'Open it', de: 'Öffnen' },
  sentence: {
    en: 'Open the file from Downloads and install it for yourself (“Current User”).',
    de: 'Öffne die Datei aus „Downloads“ und installiere sie für dich („Aktueller Benutzer“).',
  },
  screen: [
    pressed('parley.crt'),
    button('Open', 'Öffnen'),
    button('Install Certificate…', 'Zertifikat installieren…'),
    shown('Current User', 'Aktueller Benutzer'),
    button('Next', 'Weiter'),
  ],
};

const chooseStore: Step = {
  title: { en: 'Choose where it belongs', de: 'Wählen, wohin es gehört' },
  screen: [
    pressed('Place all certificates in the following store', 'Alle Zertifikate in folgendem Speicher speichern'),
    button('Browse…', 'Durchsuchen…'),
    pressed('Trusted Root Certification Authorities', 'Vertrauenswürdige Stammzertifizierungsstellen'),
    button('OK'),
    button('Next', 'Weiter'),
    button('Finish', 'Fertig stellen'),
    button('Yes', 'Ja'),
    button('OK'),
  ],
};

export const windowsGuide: Guide = {
  steps: [
    { ...download, screen: [shown('parley.crt'), button('Keep', 'Beibehalten')] },
    openFile,
    chooseStore,
    ...lastSteps({
      en: 'In the browser’s view of the certificate, the SHA-256 fingerprint of {root} must be the one on the server’s screen (the “Thumbprint” that Windows shows is a different number).',
      de: 'In der Zertifikatsansicht des Browsers muss der SHA-256-Fingerabdruck von {root} der auf dem Bildschirm des Servers sein (der „Fingerabdruck“, den Windows zeigt, ist eine andere Zahl).',
    }),
  ],
  home: asApp,
};

export const linuxChromeGuide: Guide = {
  steps: [
    download,
    {
      title: { en: 'Add it to Chrome', de: 'Zu Chrome hinzufügen' },
      path: way([
        ['chrome://certificate-manager', 'chrome://certificate-manager'],
        ['Custom', 'Benutzerdefiniert'],
        ['Installed by you', 'Von dir installiert'],
      ]),
      sentence: { en: 'Type the first part into the address bar.', de: 'Den ersten Teil in die Adressleiste tippen.' },
      screen: [
        shown('Trusted Certificates', 'Vertrauenswürdige Zertifikate'),
        button('Import', 'Importieren'),
        pressed('parley.crt'),
        button('Open', 'Öffnen'),
      ],
    },
    ...lastSteps({
      en: 'Installed by you › {root} › View: its SHA-256 fingerprint must be the one on the server’s screen.',
      de: 'Von dir installiert › {root} › Ansehen: Der SHA-256-Fingerabdruck muss der auf dem Bildschirm des Servers sein.',
    }),
  ],
  home: asApp,
};
