import type { PushLanguage } from '#protocol/api/push';

/** What notifications say. The worker has no app around it, so its few words are its own; both languages are whole by their type. */
type Words = {
  readonly newMessage: string;
  readonly messageFrom: string;
  readonly readElsewhere: string;
  readonly audioCall: string;
  readonly videoCall: string;
  readonly somebodyCalls: string;
  readonly accept: string;
  readonly decline: string;
  readonly missed: string;
  readonly answered: string;
  readonly answeredOn: (device: string) => string;
  readonly declined: string;
  readonly test: string;
  readonly news: string;
};

export const PUSH_WORDS: Readonly<Record<PushLanguage, Words>> = {
  en: {
    newMessage: 'New message',
    messageFrom: 'Sent you a message',
    readElsewhere: 'Read on another device',
    audioCall: 'Audio call',
    videoCall: 'Video call',
    somebodyCalls: 'Somebody is calling',
    accept: 'Accept',
    decline: 'Decline',
    missed: 'Missed call',
    answered: 'Answered on another device',
    answeredOn: device => `Answered on ${device}`,
    declined: 'Declined',
    test: 'Notifications work on this device.',
    news: 'Something new in Parley.',
  },
  de: {
    newMessage: 'Neue Nachricht',
    messageFrom: 'Hat dir geschrieben',
    readElsewhere: 'Auf einem anderen Gerät gelesen',
    audioCall: 'Anruf',
    videoCall: 'Videoanruf',
    somebodyCalls: 'Jemand ruft an',
    accept: 'Annehmen',
    decline: 'Ablehnen',
    missed: 'Verpasster Anruf',
    answered: 'Auf einem anderen Gerät angenommen',
    answeredOn: device => `Angenommen auf ${device}`,
    declined: 'Abgelehnt',
    test: 'Benachrichtigungen funktionieren auf diesem Gerät.',
    news: 'Neues in Parley.',
  },
};
