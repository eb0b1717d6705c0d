import 'reflect-metadata';
import { startService } from '@lifeos/service';
import { stats } from './service.js';

await startService(stats);
