import { appleHealth } from '../files/apple-health.js';
import { bankCsv } from '../files/bank-csv.js';
import type { FileFormat } from '../files/file-format.js';
import { serviceNames } from '../integration/catalog.js';
import { FakeSource } from './fake-source.js';
import type { Source } from './source.js';

/** Adapters of services that are asked. A new one stands here, by the name of its service; see docs/connect-a-source.md. */
const realSources: Readonly<Record<string, Source>> = {};

const fileFormats: Readonly<Record<string, FileFormat>> = { apple_health: appleHealth, bank_csv: bankCsv };

/** What can be read here. */
export class Sources {
  private readonly asked: ReadonlyMap<string, Source>;

  constructor({ fake }: { readonly fake: boolean }) {
    const made = new FakeSource();
    const faked = fake ? serviceNames.filter((name) => !Object.hasOwn(fileFormats, name)).map((name) => [name, made] as const) : [];
    this.asked = new Map<string, Source>([...faked, ...Object.entries(realSources)]);
  }

  /** Null when nothing here can ask the service. */
  source(service: string): Source | null {
    return this.asked.get(service) ?? null;
  }

  /** Null when the service is not read from files. */
  format(service: string): FileFormat | null {
    return Object.hasOwn(fileFormats, service) ? (fileFormats[service] ?? null) : null;
  }

  /** Services that are asked on schedule. */
  get askedServices(): readonly string[] {
    return [...this.asked.keys()];
  }

  get readable(): readonly string[] {
    return [...Object.keys(fileFormats), ...this.asked.keys()];
  }
}
