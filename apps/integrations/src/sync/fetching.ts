import { CLOCK, type Clock, CONFIG } from '@lifeos/service';
import { Inject, Injectable } from '@nestjs/common';
import type { IntegrationsConfig } from '../config.js';
import { NoAdapter } from '../integration/errors.js';
import { type Credentials, CredentialVault, ownerOf, type Sealed } from '../integration/credential-vault.js';
import type { StoredIntegration } from '../integration/integration-store.js';
import type { RawPoint } from '../points/check-points.js';
import { failureOf, type FetchedPage, type FetchRequest, pageSize, type Source, SourceFailure } from '../source/source.js';
import { Sources } from '../source/sources.js';

/** Pages in one run; what is left is fetched by a run right after it. */
const mostPages = 10;

export interface Fetched {
  readonly points: readonly RawPoint[];
  readonly cursor: string | null;
  readonly more: boolean;
  /** When the last of them had come. */
  readonly at: Date;
  /** Keys are changed by use: the credentials under the newest key, when they were read under another. */
  readonly resealed: Sealed | null;
}

/** The service stops: neither data nor a failure of the source. */
export class FetchStopped extends Error {
  readonly code = 'fetch_stopped';
  readonly kind = 'unavailable';
  readonly retryable = true;

  constructor() {
    super('The service stops; what was begun goes on after it has started again.');
    this.name = 'FetchStopped';
  }
}

/** Calls to sources, outside of any transaction, within a time. */
@Injectable()
export class Fetching {
  private readonly timeoutMs: number;

  constructor(
    private readonly sources: Sources,
    private readonly vault: CredentialVault,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) { INTEGRATIONS_SOURCE_TIMEOUT_MS }: IntegrationsConfig,
  ) {
    this.timeoutMs = INTEGRATIONS_SOURCE_TIMEOUT_MS;
  }

  get services(): readonly string[] {
    return this.sources.askedServices;
  }

  /** How long a run may hold its integration: all of its calls, and time to store. */
  get leaseMs(): number {
    return this.timeoutMs + 60_000;
  }

  /** @throws SourceFailure, safe to tell; NoAdapter */
  async test(service: string, credentials: Credentials): Promise<void> {
    const source = this.sourceOf(service);
    const now = this.clock.now();
    const about = { service, credentials, cursor: null, connectedAt: now, now, failures: 0 };
    await this.call(about, new AbortController().signal, (request) => source.test(request));
  }

  /** @throws SourceFailure, safe to tell; NoAdapter, FetchStopped */
  async fetch(one: StoredIntegration, stopping: AbortSignal): Promise<Fetched> {
    const source = this.sourceOf(one.service_name);
    const { service_name: service, connected_at: connectedAt, source_cursor: cursor, failures } = one;
    const about = { service, credentials: this.credentialsOf(one), cursor, connectedAt, now: this.clock.now(), failures };
    const fetched = await this.call(about, stopping, (request) => pages(source, request));
    return { ...fetched, at: this.clock.now(), resealed: this.resealed(one, about.credentials) };
  }

  private sourceOf(service: string): Source {
    const source = this.sources.source(service);
    if (!source) throw new NoAdapter(service, this.sources.readable);
    return source;
  }

  private credentialsOf({ integration_id, user_id, sealed }: StoredIntegration): Credentials {
    try {
      return sealed ? this.vault.open(sealed, ownerOf(integration_id, user_id)) : {};
    } catch (cause) {
      throw new SourceFailure('AUTH_ERROR', 'The stored credentials cannot be read any more; enter them again.', { cause });
    }
  }

  private resealed({ integration_id, user_id, sealed }: StoredIntegration, credentials: Credentials): Sealed | null {
    return sealed && this.vault.isOutdated(sealed.keyId) ? this.vault.seal(credentials, ownerOf(integration_id, user_id)) : null;
  }

  private async call<T>(about: Omit<FetchRequest, 'signal'>, stopping: AbortSignal, work: (request: FetchRequest) => Promise<T>): Promise<T> {
    const timeout = AbortSignal.timeout(this.timeoutMs);
    const signal = AbortSignal.any([stopping, timeout]);
    try {
      return await within(signal, work({ ...about, signal }));
    } catch (error) {
      if (stopping.aborted) throw new FetchStopped();
      if (timeout.aborted) throw new SourceFailure('TIMEOUT', `The service did not answer within ${this.timeoutMs} ms.`);
      throw failureOf(error, about.credentials);
    }
  }
}

async function pages(source: Source, first: FetchRequest): Promise<FetchedPage> {
  const points: RawPoint[] = [];
  let { cursor } = first;
  let more = true;
  for (let page = 0; more && page < mostPages; page += 1) {
    const fetched = sound(await source.fetch({ ...first, cursor }));
    points.push(...fetched.points);
    ({ cursor, more } = fetched);
  }
  return { points, cursor, more };
}

/** An adapter that does not keep the form is a failure of the source, not of this service. */
function sound(page: FetchedPage): FetchedPage {
  const { points, cursor, more } = page as { [K in keyof FetchedPage]: unknown };
  const isSound = Array.isArray(points) && points.length <= pageSize && points.every((one) => typeof one === 'object' && one !== null);
  if (!isSound || (cursor !== null && typeof cursor !== 'string') || typeof more !== 'boolean') throw new SourceFailure('VALIDATION_ERROR', 'The service answered in a form that is not understood.');
  return page;
}

/** Ends with the signal, also when the work does not heed it. */
function within<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', end, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
    if (signal.aborted) end();
  });
}
