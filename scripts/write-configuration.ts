import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationPage } from '../backend/src/config.ts';

/* Writes backend/CONFIGURATION.md from the variables that the server reads. */
writeFileSync(join(import.meta.dirname, '..', 'backend', 'CONFIGURATION.md'), configurationPage());
