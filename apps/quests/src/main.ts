import 'reflect-metadata';
import { startService } from '@lifeos/service';
import { quests } from './service.js';

await startService(quests);
