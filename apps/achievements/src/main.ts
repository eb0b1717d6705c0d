import 'reflect-metadata';
import { startService } from '@lifeos/service';
import { achievements } from './service.js';

await startService(achievements);
