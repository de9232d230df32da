/*
 * Who may import whom (https://github.com/sverweij/dependency-cruiser). A room imports from rooms below it, never from its own
 * height or above; there are no circles and no exceptions. Specs, and what only specs use, may import from anywhere on their side.
 */
const ONLY_TESTS = '[.](spec|e2e|contract)[.]ts$|/testing/|^frontend/e2e/';
const TESTS = `${ONLY_TESTS}|^scripts/`;

/** Pure functions `(what is kept, what is asked) → [what is kept next, answer]`: rooms make them, and the engines call them. */
const DECISIONS =
  '^backend/src/(auth/refresh-family|calls/lost-call|chat/(audience|direct-conversation|grown-marks)|contacts/pair|keys/(keyring|inbox-load))[.]ts$';
/** What a store promises, without an engine. */
const PROMISES = '^backend/src/store/[^/]+[.]ts$';

/** From the top. A room is a folder, or a file of the same name. */
const BACKEND = [
  ['main'],
  ['server'],
  ['welcome'],
  ['http', 'signaling'],
  ['bus', 'ops'],
  ['backup'],
  ['calls', 'chat', 'keys', 'presence', 'terminal'],
  ['push'],
  ['contacts'],
  ['auth'],
  ['store'],
  ['lan'],
  ['ports', 'relay', 'tls'],
  ['config', 'secrets'],
  ['security-log'],
  ['events'],
  [
    ...['answer-headers', 'clock', 'counts', 'ip-address', 'log', 'operator-error', 'timers', 'turns', 'variables'],
    ...['version-range'],
  ],
];
const APP = [
  ['settings'],
  ['chat'],
  ['call'],
  ['call-log'],
  ['contacts'],
  ['push'],
  ['crypto'],
  ['account'],
  ['signaling'],
  ['worker'],
  ['look'],
  ['device'],
];

const refuse = (name, from, to) => ({ name, severity: 'error', from, to });
const pathOf = (side, names) => `^${side}(${names.join('|')})(/|[.]|$)`;

/** Files of the same height may know each other only within a room. */
const below = (side, floors) =>
  floors.flatMap((floor, height) =>
    floor.map(room =>
      refuse(
        `${room} imports from below it`,
        { path: pathOf(side, [room]), pathNot: TESTS },
        {
          path: pathOf(
            side,
            floors
              .slice(0, height + 1)
              .flat()
              .filter(other => other !== room),
          ),
          pathNot: DECISIONS,
        },
      ),
    ),
  );

/** A package, or a part of Node, that one place alone knows. */
const owned = [
  ['^ws$', '^backend/src/signaling/gateway[.]ts$'],
  ['^@redis/client$', '^backend/src/bus/redis-'],
  ['^(mongoose|mongodb|bson)$', '^backend/src/store/mongo/'],
  ['^(node:)?sqlite$', '^backend/src/store/sqlite/'],
  ['^(@peculiar/x509|reflect-metadata)$', '^backend/src/tls/x509[.]ts$'],
  ['^@matrix-org/matrix-sdk-crypto-wasm$', '^frontend/crypto/'],
  ['^multicast-dns$', '^backend/src/lan/(link-socket|messages)[.]ts$'],
].map(([name, owner]) =>
  refuse(
    `only ${owner} knows ${name}`,
    { path: '^(backend|frontend)/', pathNot: `${owner}|${TESTS}` },
    { path: name.replace(/^\^/, '(^|node_modules/)').replace(/\$$/, '(/|$)') },
  ),
);

export default {
  forbidden: [
    refuse('no circles', {}, { circular: true }),
    // The library's bytes: the builder knows where they are (frontend/tsconfig.app.json).
    refuse('every import is found', {}, { couldNotResolve: true, pathNot: '^#crypto[.]wasm$' }),
    refuse(
      'what runs knows no tests',
      { path: '^(backend|frontend)/', pathNot: `${TESTS}|/contract/` },
      { path: ONLY_TESTS },
    ),
    refuse(
      'every room has its place',
      { path: '^backend/src/', pathNot: `${pathOf('backend/src/', BACKEND.flat())}|/testing/|[.]spec[.]` },
      {},
    ),
    refuse(
      'every room of the app has its place',
      { path: '^frontend/src/app/[^/]+/', pathNot: pathOf('frontend/src/app/', APP.flat()) },
      {},
    ),
    ...below('backend/src/', BACKEND),
    ...below('frontend/src/app/', APP),
    refuse(
      'rooms of the app do not know the app around them',
      { path: '^frontend/src/(app/[^/]+|i18n)/', pathNot: TESTS },
      { path: '^frontend/src/(app/[^/]+|main)[.]ts$' },
    ),
    refuse(
      'words know no room above device',
      { path: '^frontend/src/i18n/', pathNot: TESTS },
      { path: '^frontend/src/app/(?!device/)' },
    ),
    refuse(
      'a decision knows the contract, other decisions and what a store promises',
      { path: DECISIONS },
      { pathNot: `^backend/protocol/|${DECISIONS}|${PROMISES}`, dependencyTypesNot: ['core'] },
    ),
    refuse(
      'an engine does not know the other',
      { path: '^backend/src/store/sqlite/', pathNot: TESTS },
      { path: '^backend/src/store/mongo/' },
    ),
    refuse(
      'the other does not know it either',
      { path: '^backend/src/store/mongo/', pathNot: TESTS },
      { path: '^backend/src/store/sqlite/' },
    ),
    refuse(
      'only main picks a store',
      { path: '^backend/src/(?!store/|main[.]ts)', pathNot: TESTS },
      { path: '^backend/src/store/(sqlite/|mongo/|open-store)' },
    ),
    refuse(
      'the contract knows nobody',
      { path: '^backend/protocol/', pathNot: TESTS },
      { pathNot: '^backend/protocol/|node_modules/zod/(v4/)?mini' },
    ),
    refuse(
      'the contract is imported by its alias',
      { pathNot: '^backend/protocol/' },
      { path: '^backend/protocol/', dependencyTypesNot: ['aliased-subpath-import'] },
    ),
    refuse(
      'the app knows the server by the contract alone',
      { path: '^frontend/(src|worker|crypto|welcome)/' },
      { path: '^(backend/src|scripts)/' },
    ),
    refuse(
      'end-to-end suites use what stands in for the world, and no more',
      { path: '^frontend/e2e/' },
      { path: '^backend/src/(?!testing/)' },
    ),
    refuse(
      'what travels is sealed where a post leaves and opened where entries arrive',
      { path: '^frontend/src/', pathNot: `^frontend/src/app/chat/(posts|arriving|unopened|ask-again)[.]ts$|${TESTS}` },
      { path: '^frontend/src/app/crypto/codec[.]ts$' },
    ),
    refuse(
      'the data worker opens entries as the codec does',
      { path: '^frontend/src/', pathNot: `^frontend/src/app/(chat/data[.]worker|crypto/codec)[.]ts$|${TESTS}` },
      { path: '^frontend/src/app/crypto/opening[.]ts$' },
    ),
    refuse(
      'nothing else decodes what travels but what an older app has kept, and what comes through a call',
      {
        path: '^frontend/src/',
        pathNot: `^frontend/src/app/(crypto/(codec|opening)|chat/(decode-kept|direct-chat))[.]ts$|${TESTS}`,
      },
      { path: '^frontend/src/app/crypto/drawable[.]ts$' },
    ),
    refuse(
      'the parts of a call are loaded behind the shell',
      { path: '^frontend/src/app/shell([.]routes)?[.]ts$' },
      {
        path: '^frontend/src/app/call/(call-link|call-media|seat-link|webrtc|local-media)[.]ts$',
        dependencyTypesNot: ['type-only'],
      },
    ),
    refuse('the app runs in a browser', { path: '^frontend/src/' }, { dependencyTypes: ['core'] }),
    refuse('the server does not know the app', { path: '^backend/' }, { path: '^frontend/' }),
    refuse(
      'a peer connection, its media and a backoff know no framework',
      { path: '^frontend/src/app/(call/(webrtc|local-media)|signaling/backoff)[.]ts$' },
      { path: 'node_modules/@angular/' },
    ),
    refuse('only zod/mini is used', { path: '^(backend|frontend)/' }, { path: 'node_modules/zod/(?!(v4/)?mini)' }),
    refuse(
      'a name says what a file does',
      {},
      {
        path: '[/.-](util|utils|helper|helpers|shared|core|service|services|manager|managers|misc|common|index)[/.-]',
        pathNot: 'node_modules',
      },
    ),
    ...owned,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|[.]angular|data)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['import', 'node', 'types', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.mts', '.mjs', '.js', '.d.ts', '.json'],
    },
  },
};
