import { inviteCommand } from '../backend/src/terminal/command.ts';
import { terminal } from './terminal.ts';

/** `npm run invite -- --uses 3 --days 7 --by mira`: an invitation, as a link and as letters to type. */
await terminal(inviteCommand);
