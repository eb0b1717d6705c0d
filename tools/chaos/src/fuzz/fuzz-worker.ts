import { type FuzzJob, runFuzz } from './fuzz-run.js';

/** The fuzz in a process of its own, so that a crash is seen as one and the heap is its own. */
process.once('message', (job: FuzzJob) => {
  runFuzz(job).then(
    (report) => process.send?.(report, () => process.exit(0)),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exit(1);
    },
  );
});
process.once('disconnect', () => process.exit(1));
