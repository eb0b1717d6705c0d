import { startService } from '@lifeos/service';
import { stats } from './stats.module.js';

await startService(stats);
