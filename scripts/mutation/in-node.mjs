import { registerHooks } from 'node:module';
import fc from 'fast-check';

/** Specs of the app run in Node: its files import each other without an ending, as Angular's builder reads them. */
registerHooks({
  resolve: (specifier, context, next) =>
    /^\.{1,2}\/[^.]*$/.test(specifier) && context.parentURL?.endsWith('.ts')
      ? next(`${specifier}.ts`, context)
      : next(specifier, context),
});

// The same mutants die in every run, and one failure is enough.
fc.configureGlobal({ seed: 20261129, endOnFailure: true });
