/** Asks one part whether it is there; rejects when not. */
export interface Probe {
  readonly name: string;
  /** Without it the service cannot serve; otherwise it serves `degraded`, and catches up later. */
  readonly required: boolean;
  check(): Promise<void>;
}

export interface ReadinessReport {
  readonly status: 'ready' | 'degraded' | 'unready';
  readonly parts: Readonly<Record<string, 'up' | 'down'>>;
}

const probeTimeoutMs = 2_000;
/** An open route must not be a way to hammer the parts behind it. */
const keptMs = 1_000;

export class Readiness {
  private last: { at: number; report: Promise<ReadinessReport> } | null = null;
  private stopping = false;

  constructor(
    private readonly probes: readonly Probe[],
    private readonly monotonicMs: () => number = () => performance.now(),
  ) {}

  /** From now on the service is unready: no new requests should come. */
  beginStop(): void {
    this.stopping = true;
  }

  async report(): Promise<ReadinessReport> {
    const now = this.monotonicMs();
    if (!this.last || now - this.last.at >= keptMs) this.last = { at: now, report: this.ask() };
    const report = await this.last.report;
    return this.stopping ? { ...report, status: 'unready' } : report;
  }

  private async ask(): Promise<ReadinessReport> {
    const answers = await Promise.all(this.probes.map(async (probe) => ({ probe, up: await isUp(probe) })));
    const down = answers.filter(({ up }) => !up);
    const status = down.some(({ probe }) => probe.required) ? 'unready' : down.length > 0 ? 'degraded' : 'ready';
    return { status, parts: Object.fromEntries(answers.map(({ probe, up }) => [probe.name, up ? 'up' : 'down'])) };
  }
}

async function isUp(probe: Probe): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), probeTimeoutMs);
  });
  const asked = probe.check().then(
    () => true,
    () => false,
  );
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
