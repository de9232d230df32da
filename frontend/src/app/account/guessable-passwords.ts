/** What people choose first, in the form `foldPassword` leaves: small letters without digits and signs at the ends. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  (
    'password passwort passw0rd p@ssw0rd p@ssword pa$$word kennwort geheim hallo hallowelt helloworld willkommen welcome ' +
    'letmein iloveyou ichliebedich schatz sonnenschein sunshine princess prinzessin dragon monkey football fussball ' +
    'baseball superman batman pokemon starwars computer internet master administrator admin qwerty qwertz qwertyuiop ' +
    'qwertzuiop asdfghjkl asdfasdf yxcvbnm zxcvbnm qazwsx qazwsxedc changeme default secret topsecret freedom whatever ' +
    'trustno parley parleyparley familie family sommer winter summer schalke liebling abcdefgh abcdefghij abcabc'
  ).split(' '),
);

/** Takes away what people add so that a form accepts their word: digits and signs around it, capital letters. */
export const foldPassword = (password: string): string =>
  password.toLowerCase().replace(/^[^a-zäöüß]+|[^a-zäöüß]+$/g, '');
