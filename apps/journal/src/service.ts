import type { ServiceDefinition } from '@lifeos/service';
import { JournalModule } from './journal.module.js';

export const journal: ServiceDefinition = {
  name: 'journal',
  module: JournalModule,
  migrations: new URL('../migrations/', import.meta.url),
};
