/** What a person reads of a connection, best first. */
export const WEATHER_WORDS = ['very-good', 'good', 'fair', 'weak', 'very-weak'] as const;
export type WeatherWord = (typeof WEATHER_WORDS)[number];

/** Whether a call says why. */
export const isWeak = (word: WeatherWord | undefined): boolean => word === 'weak' || word === 'very-weak';

/** What is to blame where a connection is not good: one's own network, the peer's, the relay between them, or no one knows. */
export type Cause = 'own' | 'theirs' | 'relay' | 'unknown';
