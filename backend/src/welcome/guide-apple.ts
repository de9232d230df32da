import { button, lastSteps, pressed, shown, turnedOn, typed, way, type Guide, type Step } from './guide.ts';

const profile: Step = {
  title: { en: 'Download the profile', de: 'Das Profil laden' },
  help: 'profile',
  screen: [
    shown(
      'This website is trying to download a configuration profile.',
      'Diese Website versucht, ein Profil zu laden.',
    ),
    button('Allow', 'Zulassen'),
    shown('Profile Downloaded', 'Profil geladen'),
    button('Close', 'Schließen'),
  ],
};

const install: Step = {
  title: { en: 'Install it', de: 'Installieren' },
  path: way([
    ['Settings', 'Einstellungen'],
    ['Profile Downloaded', 'Profil geladen'],
  ]),
  screen: [
    shown('{name}'),
    button('Install', 'Installieren'),
    typed('Passcode', 'Code'),
    button('Install', 'Installieren'),
    button('Install', 'Installieren'),
    button('Done', 'Fertig'),
  ],
};

const enable: Step = {
  title: { en: 'Switch it on', de: 'Einschalten' },
  path: way([
    ['General', 'Allgemein'],
    ['About', 'Info'],
    ['Certificate Trust Settings', 'Zertifikatsvertrauenseinstellungen'],
  ]),
  sentence: { en: 'It is the last entry in “About”.', de: 'Es ist der letzte Eintrag unter „Info“.' },
  screen: [
    shown('Enable full trust for root certificates', 'Volles Vertrauen für Root-Zertifikate aktivieren'),
    turnedOn('{root}'),
    button('Continue', 'Weiter'),
  ],
};

/** iPhone and iPad, since iOS 12.2. */
export const mobileGuide: Guide = {
  steps: [
    profile,
    install,
    enable,
    ...lastSteps({
      en: 'Settings › General › VPN & Device Management › {name} › More Details › {root}: its SHA-256 fingerprint must be the one on the server’s screen.',
      de: 'Einstellungen › Allgemein › VPN und Geräteverwaltung › {name} › Mehr Details › {root}: Der SHA-256-Fingerabdruck muss der auf dem Bildschirm des Servers sein.',
    }),
  ],
  home: {
    en: 'Then in Safari: Share › Add to Home Screen. Open Parley from its icon and sign up there: the installed app keeps its own data.',
    de: 'Dann in Safari: Teilen › Zum Home-Bildschirm. Öffne Parley über das Symbol und registriere dich dort: Die installierte App hat eigene Daten.',
  },
};

const keychain: Step[] = [
  {
    title: { en: 'Add it to the keychain', de: 'Zum Schlüsselbund hinzufügen' },
    sentence: {
      en: 'Open the file from Downloads: Keychain Access asks where to put it.',
      de: 'Öffne die Datei aus „Downloads“: Die Schlüsselbundverwaltung fragt, wohin damit.',
    },
    screen: [pressed('parley.crt'), shown('Keychain: login', 'Schlüsselbund: Anmeldung'), button('Add', 'Hinzufügen')],
  },
  {
    title: { en: 'Trust it', de: 'Vertrauen' },
    sentence: {
      en: 'In Keychain Access, under “login › Certificates”, double-click it. Close the window to save.',
      de: 'In der Schlüsselbundverwaltung unter „Anmeldung › Zertifikate“ doppelklicken. Zum Sichern das Fenster schließen.',
    },
    screen: [
      pressed('{root}'),
      pressed('▸ Trust', '▸ Vertrauen'),
      pressed('When using this certificate:', 'Bei Verwendung dieses Zertifikats:'),
      pressed('Always Trust', 'Immer vertrauen'),
      button('Close the window', 'Fenster schließen'),
      typed('Your Mac’s password', 'Passwort deines Mac'),
    ],
  },
];

const compareOnMac = lastSteps({
  en: 'Keychain Access › {root} › Details: its SHA-256 fingerprint must be the one on the server’s screen.',
  de: 'Schlüsselbundverwaltung › {root} › Details: Der SHA-256-Fingerabdruck muss der auf dem Bildschirm des Servers sein.',
});

const title = { en: 'Download the certificate', de: 'Das Zertifikat laden' };

export const macSafariGuide: Guide = {
  steps: [
    {
      title,
      help: 'download',
      screen: [
        shown('Allow downloads on this website?', 'Downloads von dieser Website erlauben?'),
        button('Allow', 'Erlauben'),
      ],
    },
    ...keychain,
    ...compareOnMac,
  ],
  home: {
    en: 'Then in Safari: File › Add to Dock makes it an app.',
    de: 'Dann in Safari: Ablage › Zum Dock hinzufügen macht eine App daraus.',
  },
};

export const macChromeGuide: Guide = {
  steps: [
    { title, help: 'download', screen: [shown('parley.crt'), button('Keep', 'Behalten')] },
    ...keychain,
    ...compareOnMac,
  ],
  home: {
    en: 'Then the icon at the end of the address bar installs Parley as an app.',
    de: 'Dann installiert das Symbol am Ende der Adressleiste Parley als App.',
  },
};
