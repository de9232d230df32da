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
    en: 'At most {system} taps in the system’s own windows, and {ours} here.',
    de: 'Höchstens {system}-mal tippen in den Fenstern des Systems und {ours}-mal hier.',
  },
  whenAsked: { en: 'Not every device asks for each of them.', de: 'Nicht jedes Gerät fragt nach allem davon.' },
  safari: {
    en: 'Open this address in Safari: no other browser of this device may install the profile.',
    de: 'Öffne diese Adresse in Safari: Kein anderer Browser dieses Geräts darf das Profil installieren.',
  },
  missing: {
    en: 'This browser let you in, but it does not trust the certificate: without these steps Parley cannot be installed, start offline or tell you about messages and calls.',
    de: 'Dieser Browser hat dich hineingelassen, vertraut dem Zertifikat aber nicht: Ohne diese Schritte lässt sich Parley nicht installieren, startet nicht offline und meldet weder Nachrichten noch Anrufe.',
  },
  language: { en: 'Language:', de: 'Sprache:' },
  done: { en: 'done', de: 'erledigt' },
  compared: { en: 'They are the same', de: 'Sie sind gleich' },
  skip: { en: 'Skip: I trust this Wi-Fi now', de: 'Überspringen: Ich vertraue diesem WLAN jetzt' },
  waiting: { en: 'Waiting for a safe connection…', de: 'Warten auf eine sichere Verbindung …' },
  answered: { en: 'The safe connection is there.', de: 'Die sichere Verbindung steht.' },
  byAddress: {
    en: 'Your device found the server by its address, not by its name. Ask whoever runs the router to reserve this address for it, so that it stays.',
    de: 'Dein Gerät findet den Server über seine Adresse, nicht über seinen Namen. Bitte wen auch immer den Router verwaltet, dem Server diese Adresse fest zuzuweisen, damit sie bleibt.',
  },
  haveDone: { en: 'I have done it', de: 'Ich bin fertig' },
  open: { en: 'Open Parley', de: 'Parley öffnen' },
  allowTitle: { en: 'What does it allow, and what not?', de: 'Was erlaubt das, und was nicht?' },
  allow: {
    en: 'Your device will believe this server when it says who it is. The certificate can vouch only for machines of a private network (home addresses, and names like .local), never for a site on the internet: whoever runs the server cannot read what you do elsewhere. You can take it back where you installed it.',
    de: 'Dein Gerät glaubt diesem Server dann, wer er ist. Das Zertifikat kann nur für Geräte eines privaten Netzes bürgen (Heimadressen und Namen wie .local), nie für eine Seite im Internet: Wer den Server betreibt, kann nicht mitlesen, was du anderswo tust. Zurücknehmen kannst du es dort, wo du es installiert hast.',
  },
  without: {
    en: 'Without it the browser warns each time, Parley cannot be installed, does not start offline and cannot call you while it is closed; on an iPhone or iPad it does not connect at all.',
    de: 'Ohne das warnt der Browser jedes Mal, Parley lässt sich nicht installieren, startet nicht offline und kann dich geschlossen nicht anrufen; auf iPhone und iPad verbindet es sich gar nicht.',
  },
  otherTitle: { en: 'Another device or browser?', de: 'Ein anderes Gerät oder ein anderer Browser?' },
  knownTitle: { en: 'Parley is at a safe address', de: 'Parley ist unter einer sicheren Adresse' },
  known: {
    en: 'This server has a certificate that your device should know already.',
    de: 'Dieser Server hat ein Zertifikat, das dein Gerät schon kennen sollte.',
  },
} satisfies Record<string, Words>;

/** What the buttons of the steps say. */
export const HELP = {
  download: { en: 'Download parley.crt', de: 'parley.crt laden' },
  profile: { en: 'Download the profile', de: 'Profil laden' },
  import: { en: 'Give it to Firefox', de: 'Firefox geben' },
} satisfies Record<string, Words>;

const COUNTS = {
  en: ['', 'One', 'Two', 'Three', 'Four', 'Five', 'Six'],
  de: ['', 'Ein', 'Zwei', 'Drei', 'Vier', 'Fünf', 'Sechs'],
};

/** A small number in letters, at the beginning of a sentence. */
export const inLetters = (count: number, language: keyof Words): string => COUNTS[language][count] ?? String(count);
