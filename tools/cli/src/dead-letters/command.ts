import type { Command } from 'commander';
import { addEdit, addRetry, addSkip } from './mending-commands.js';
import { addExport, addList, addShow, addStats } from './seeing-commands.js';

/** `lifeos dead-letters …`: the operators' side of every service. */
export function addDeadLettersCommand(lifeos: Command): void {
  const deadLetters = lifeos
    .command('dead-letters')
    .description('see and mend what services could not handle or publish (LIFEOS_TOKEN: an operator\'s access token; made from the local key under `npm start`)');
  addList(deadLetters);
  addShow(deadLetters);
  addStats(deadLetters);
  addRetry(deadLetters);
  addEdit(deadLetters);
  addSkip(deadLetters);
  addExport(deadLetters);
}
