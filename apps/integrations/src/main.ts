import { startService } from '@lifeos/service';
import { integrations } from './integrations.module.js';

await startService(integrations);
