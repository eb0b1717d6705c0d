import { startService } from '@lifeos/service';
import { skills } from './skills.module.js';

await startService(skills);
