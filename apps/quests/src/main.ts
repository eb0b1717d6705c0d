import { startService } from '@lifeos/service';
import { quests } from './quests.module.js';

await startService(quests);
