import type { Metrics } from './metrics.js';

/** What Prometheus reads: gauges that must be asked for are brought up to date first. */
export class Scrape {
  constructor(
    private readonly metrics: Metrics,
    private readonly refresh: () => Promise<void>,
  ) {}

  async read(): Promise<string> {
    await this.refresh();
    return this.metrics.registry.metrics();
  }
}
