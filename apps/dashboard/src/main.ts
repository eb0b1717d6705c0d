import { startService } from '@lifeos/service';
import { dashboard } from './dashboard.module.js';

await startService(dashboard);
