const sliceCalls = 500;

/** Calls a second of `call(index)`, over at least `ms` after a warm-up; a promise is awaited, a value is not. */
export async function callsPerSecond(call: (index: number) => unknown, ms: number): Promise<number> {
  await timedCalls(call, ms / 2);
  return timedCalls(call, ms);
}

async function timedCalls(call: (index: number) => unknown, ms: number): Promise<number> {
  let calls = 0;
  const started = performance.now();
  let elapsed = 0;
  while (elapsed < ms) {
    await slice(call, calls);
    calls += sliceCalls;
    elapsed = performance.now() - started;
  }
  return (calls / elapsed) * 1000;
}

async function slice(call: (index: number) => unknown, from: number): Promise<void> {
  for (let index = from; index < from + sliceCalls; index += 1) {
    const answer = call(index);
    if (answer instanceof Promise) await answer;
  }
}
