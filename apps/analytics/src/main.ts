import 'reflect-metadata';
import { startService } from '@lifeos/service';
import { analytics } from './service.js';

await startService(analytics);
