/** One thing to end, in its place in the order. Resolves with what it had to leave undone, if anything. */
export interface ShutdownStep {
  readonly name: string;
  run(): Promise<string | void>;
}

export interface ShutdownReport {
  /** Steps that failed, ran out of time or left something undone, with the reason. */
  readonly abandoned: readonly { readonly step: string; readonly reason: string }[];
}

/** Later steps keep this much, whatever an earlier one takes. */
const reservedMs = 250;

/** Ends the steps one after the other within `timeoutMs`; a step that fails or hangs does not keep the next from running. */
export async function shutDown(steps: readonly ShutdownStep[], timeoutMs: number): Promise<ShutdownReport> {
  const deadline = performance.now() + timeoutMs;
  const abandoned: { step: string; reason: string }[] = [];
  for (const [index, step] of steps.entries()) {
    const budget = deadline - performance.now() - reservedMs * (steps.length - index - 1);
    const reason = await reasonToAbandon(step, Math.max(budget, reservedMs));
    if (reason) abandoned.push({ step: step.name, reason });
  }
  return { abandoned };
}

async function reasonToAbandon(step: ShutdownStep, budgetMs: number): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`not finished within ${Math.round(budgetMs)} ms`), budgetMs);
  });
  const ended = step.run().then(
    (undone) => undone || null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  return Promise.race([ended, late]).finally(() => clearTimeout(timer));
}
