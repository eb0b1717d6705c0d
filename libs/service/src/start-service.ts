import { InvalidConfig } from './config/environment.js';
import { runService } from './run-service.js';
import type { ServiceDefinition } from './service-definition.js';
import { exitOnSignals } from './shutdown/signals.js';

/**
 * The whole `main.ts` of a service: runs it until SIGTERM or SIGINT. When it cannot start, the
 * reason stands on stderr and the exit code is 1.
 */
export async function startService(definition: ServiceDefinition): Promise<void> {
  try {
    const service = await runService(definition);
    exitOnSignals(async () => {
      await service.stop();
      return 0;
    });
  } catch (error) {
    process.stderr.write(`${definition.name} does not start. ${reasonOf(error)}\n`);
    process.exitCode = 1;
    // What a failed start left open must not keep the process alive.
    setTimeout(() => process.exit(1), 500).unref();
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof InvalidConfig) return error.message;
  if (error instanceof Error) return 'code' in error ? error.message : (error.stack ?? error.message);
  return String(error);
}
