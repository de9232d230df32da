import { accountsCommand } from '../backend/src/terminal/command.ts';
import { terminal } from './terminal.ts';

/** `npm run accounts -- list`, or `disable`, `enable`, `delete`, `reset` and `admin` with a username. */
await terminal(accountsCommand);
