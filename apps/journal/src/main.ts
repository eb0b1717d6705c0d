import { startService } from '@lifeos/service';
import { journal } from './journal.module.js';

await startService(journal);
