import { startService } from '@lifeos/service';
import { achievements } from './achievements.module.js';

await startService(achievements);
