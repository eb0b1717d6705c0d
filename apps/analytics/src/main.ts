import { startService } from '@lifeos/service';
import { analytics } from './analytics.module.js';

await startService(analytics);
