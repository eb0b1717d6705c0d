/**
 * Calls `stop` at the first SIGTERM or SIGINT and exits with its answer; a second signal exits at once.
 * A process manager may send the signal to the group and to the process, so it counts as second only after a moment.
 */
export function exitOnSignals(stop: (signal: string) => Promise<number>): void {
  let firstAt: number | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    if (firstAt !== null) {
      if (now - firstAt > 100) process.exit(1);
      return;
    }
    firstAt = now;
    void stop(signal).then(
      (code) => process.exit(code),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
