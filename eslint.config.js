import angular from 'angular-eslint';
import { defineConfig } from 'eslint/config';
import ts from 'typescript-eslint';
import { newerApis } from './scripts/newer-apis.ts';

/** What is ours and typed. Plain scripts that an old Node must run are checked by prettier alone. */
const typed = ['backend/**/*.ts', 'scripts/**/*.ts', 'frontend/**/*.ts'];

/** What some of the browsers served do not have, or not in all of its ways, and the code asks before it is used. */
const lookedFor = [
  // `'Notification' in window`; a worker has it wherever it can be pushed to.
  'api.Notification',
  // `'mediaSession' in navigator`, `'wakeLock' in navigator`
  ...['api.MediaSession', 'api.MediaMetadata', 'api.Navigator.wakeLock', 'api.WakeLock'],
  // `'databases' in indexedDB`, `'clearAppBadge' in navigator`
  ...['api.IDBFactory.databases', 'api.Navigator.clearAppBadge'],
  // `'vibrate' in navigator`, `'setAppBadge' in navigator`, `'share' in navigator`
  ...['api.Navigator.vibrate', 'api.Navigator.setAppBadge', 'api.Navigator.share'],
  // Buttons that are there only where the browser has it.
  ...[
    'api.MediaDevices.getDisplayMedia',
    'api.Document.pictureInPictureEnabled',
    'api.Document.pictureInPictureElement',
  ],
  ...['api.Document.exitPictureInPicture', 'api.Document.fullscreenEnabled', 'api.Document.fullscreenElement'],
  ...['api.Document.exitFullscreen', 'api.Element.requestFullscreen'],
  // There in all of them; what is missing in some is not used: files as sources, the name of a time-out's error, and so on.
  ...['api.HTMLMediaElement.srcObject', 'api.AbortSignal.timeout_static', 'api.AudioParam', 'api.Request.formData'],
  'api.KeyboardEvent.isComposing',
  // call/files/received-file.ts keeps a file in memory where it cannot be written to the disk.
  ...['api.FileSystemFileHandle.createWritable', 'api.FileSystemWritableFileStream.write'],
];

export default defineConfig(
  {
    ignores: [
      'dist/',
      '.angular/',
      '.cache/',
      'data/',
      '**/*.js',
      '**/*.cjs',
      '**/*.mjs',
      '**/*.d.ts',
      'frontend/public/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: typed,
    extends: [ts.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as' }],
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      // The store's SQL is written as tagged templates.
      '@typescript-eslint/no-unused-expressions': ['error', { allowTaggedTemplates: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', caughtErrors: 'none', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true },
      ],
      eqeqeq: 'error',
      'no-console': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Name what you export.' },
        { selector: 'TSEnumDeclaration', message: 'A union of literals says it without code.' },
        { selector: 'ExportAllDeclaration', message: 'Import from the file that does the work.' },
        {
          selector: 'ObjectExpression > SpreadElement > ObjectExpression',
          message: 'Write its properties out: TypeScript looks for excess ones in a literal, not in a spread.',
        },
      ],
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {
    // Size follows sense: a protocol machine reads from top to bottom in one file.
    files: typed,
    ignores: ['**/*.spec.ts', '**/*.e2e.ts', '**/*.contract.ts', '**/testing/**', 'frontend/e2e/**'],
    rules: {
      'max-lines': ['warn', 450],
      'max-lines-per-function': ['warn', 50],
    },
  },
  {
    // A spec may reach into what it has just built: `!` fails it as loudly as an expectation does.
    files: ['**/*.spec.ts', '**/*.e2e.ts', '**/*.contract.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['backend/src/**/*.ts', 'frontend/src/**/*.ts', 'frontend/{worker,crypto}/**/*.ts'],
    ignores: ['backend/src/config.ts', '**/*.spec.ts', '**/*.contract.ts', '**/testing/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only config.ts reads the environment.' },
      ],
      'no-restricted-imports': [
        'error',
        { name: 'node:process', importNames: ['env'], message: 'Only config.ts reads the environment.' },
      ],
    },
  },
  {
    // These talk to a person at a terminal.
    files: ['scripts/**/*.ts', 'frontend/e2e/**/*.ts', 'backend/src/main.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['frontend/src/**/*.ts'],
    extends: [angular.configs.tsRecommended],
    processor: angular.processInlineTemplates,
    rules: {
      '@angular-eslint/component-selector': ['error', { type: 'element', prefix: 'parley', style: 'kebab-case' }],
      '@angular-eslint/directive-selector': ['error', { type: 'attribute', prefix: 'parley', style: 'camelCase' }],
      // Angular 22 names a class after what it is; zoneless components are OnPush by default there.
      '@angular-eslint/component-class-suffix': 'off',
      '@angular-eslint/directive-class-suffix': 'off',
      '@angular-eslint/prefer-signals': 'error',
      'no-restricted-globals': [
        'error',
        ...['localStorage', 'sessionStorage', 'indexedDB', 'caches'].map(name => ({
          name,
          message: 'A browser can refuse it, and what it keeps is listed: device/remembered.ts, device/kept-data.ts.',
        })),
      ],
    },
  },
  {
    // What browsers run. The welcome page is compiled for older ones, by the library that its tsconfig names.
    files: ['frontend/src/**/*.ts', 'frontend/{worker,crypto}/**/*.ts', 'backend/protocol/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/testing/**'],
    plugins: { parley: { rules: { 'newer-apis': newerApis } } },
    rules: { 'parley/newer-apis': ['error', lookedFor] },
  },
  {
    // What is kept on the device is listed here, and these guard each call.
    files: [
      'frontend/src/app/device/*.ts',
      'frontend/src/app/account/identity.ts',
      'frontend/src/**/*.spec.ts',
      'frontend/src/**/testing/**',
    ],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    files: ['frontend/src/**/*.html'],
    extends: [angular.configs.templateRecommended, angular.configs.templateAccessibility],
    rules: { '@angular-eslint/template/prefer-control-flow': 'error' },
  },
);
