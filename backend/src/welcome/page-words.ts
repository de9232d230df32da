import type { Words } from './words.ts';

/** What the page says beside its guides. */
export const PAGE = {
  title: { en: 'Trust this server, once', de: 'Diesem Server einmal vertrauen' },
  leadPhone: {
    en: 'Your phone does not know this home server yet. {steps} steps, about a minute.',
    de: 'Dein Telefon kennt diesen Server noch nicht. {steps} Schritte, etwa eine Minute.',
  },
  leadComputer: {
    en: 'Your browser does not know this home server yet. {steps} steps, about a minute.',
    de: 'Dein Browser kennt diesen Server noch nicht. {steps} Schritte, etwa eine Minute.',
  },
  taps: {
    en: 'At most {system} taps in the settings, {ours} here.',
    de: 'Höchstens {system}-mal tippen im System, {ours}-mal hier.',
  },
  safari: {
    en: 'Open this address in Safari: no other browser of this device may install the profile.',
    de: 'Öffne diese Adresse in Safari: Kein anderer Browser dieses Geräts darf das Profil installieren.',
  },
  missing: {
    en: 'This browser opened Parley, but it does not trust the certificate. Without these steps Parley cannot be installed, start offline or notify you of messages and calls.',
    de: 'Dieser Browser hat Parley geöffnet, vertraut dem Zertifikat aber nicht. Ohne diese Schritte lässt sich Parley nicht installieren, startet nicht offline und benachrichtigt dich nicht über Nachrichten und Anrufe.',
  },
  language: { en: 'Language:', de: 'Sprache:' },
  done: { en: 'done', de: 'erledigt' },
  compared: { en: 'They are the same', de: 'Sie sind gleich' },
  skip: { en: 'Skip: I trust this Wi-Fi now', de: 'Überspringen: Ich vertraue diesem WLAN jetzt' },
  waiting: { en: 'Waiting for a safe connection…', de: 'Warten auf eine sichere Verbindung …' },
  answered: { en: 'The safe connection works.', de: 'Die sichere Verbindung steht.' },
  byAddress: {
    en: 'Your device found the server by its address, not by its name. Ask the person who manages the router to reserve this address for the server, so that it does not change.',
    de: 'Dein Gerät findet den Server über seine Adresse, nicht über seinen Namen. Bitte die Person, die den Router verwaltet, dem Server diese Adresse fest zuzuweisen, damit sie gleich bleibt.',
  },
  haveDone: { en: 'I have done it', de: 'Ich bin fertig' },
  open: { en: 'Open Parley', de: 'Parley öffnen' },
  allowTitle: { en: 'What does it allow, and what not?', de: 'Was erlaubt das, und was nicht?' },
  allow: {
    en: 'Your device will trust this server’s identity. The certificate is valid only for machines in a private network (home addresses, and names like .local), never for a site on the internet: whoever runs the server cannot read what you do elsewhere. You can remove it where you installed it.',
    de: 'Dein Gerät vertraut dann der Identität dieses Servers. Das Zertifikat gilt nur für Geräte in einem privaten Netz (Heimadressen und Namen wie .local), nie für eine Seite im Internet: Wer den Server betreibt, kann nicht mitlesen, was du anderswo tust. Entfernen kannst du es dort, wo du es installiert hast.',
  },
  without: {
    en: 'Without it the browser warns each time, Parley cannot be installed, does not start offline and cannot notify you of calls while it is closed; on an iPhone or iPad it does not connect at all.',
    de: 'Ohne das Zertifikat warnt der Browser jedes Mal, Parley lässt sich nicht installieren, startet nicht offline und meldet keine Anrufe, wenn es geschlossen ist; auf iPhone und iPad verbindet es sich gar nicht.',
  },
  otherTitle: { en: 'Another device or browser?', de: 'Ein anderes Gerät oder ein anderer Browser?' },
  knownTitle: { en: 'Parley has a safe address', de: 'Parley hat eine sichere Adresse' },
  known: {
    en: 'This server has a certificate that your device should already trust.',
    de: 'Dieser Server hat ein Zertifikat, dem dein Gerät schon vertrauen sollte.',
  },
} satisfies Record<string, Words>;

/** What the buttons of the steps say. */
export const HELP = {
  download: { en: 'Download parley.crt', de: 'parley.crt laden' },
  profile: { en: 'Download the profile', de: 'Profil laden' },
  import: { en: 'Add it to Firefox', de: 'Zu Firefox hinzufügen' },
} satisfies Record<string, Words>;

const COUNTS = {
  en: ['', 'One', 'Two', 'Three', 'Four', 'Five', 'Six'],
  de: ['', 'Ein', 'Zwei', 'Drei', 'Vier', 'Fünf', 'Sechs'],
};

/** A small number in letters, at the beginning of a sentence. */
export const inLetters = (count: number, language: keyof Words): string => COUNTS[language][count] ?? String(count);
