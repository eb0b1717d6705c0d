import 'reflect-metadata';
import { startService } from '@lifeos/service';
import { journal } from './service.js';

await startService(journal);
