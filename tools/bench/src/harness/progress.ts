const started = performance.now();

/** A progress line with the seconds since the start. */
export function say(line: string): void {
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`${String(seconds).padStart(4)} s  ${line}`);
}
