import { UnknownSchemaId } from '@lifeos/events';
import type { RegistryClient } from './registry-client.js';

export interface WriterSchema {
  readonly schema: string;
  readonly schemaType: string;
}

/** An id that the registry does not know is asked for again at most once in this many milliseconds. */
const unknownForMs = 60_000;
/** Damaged records can carry any id, so what is remembered of them is limited. */
const mostUnknown = 10_000;

/**
 * Schemas by the registry's id. What was found is kept for ever, since an id never changes its meaning;
 * what is being asked for is asked for once.
 */
export class WriterSchemas {
  private readonly found = new Map<number, WriterSchema>();
  private readonly asked = new Map<number, Promise<WriterSchema>>();
  private readonly unknownUntil = new Map<number, number>();

  constructor(
    private readonly client: Pick<RegistryClient, 'schemaById'>,
    private readonly now: () => number = Date.now,
  ) {}

  /** Answers at once when the id is known, or known to be unknown. @throws UnknownSchemaId, RegistryUnreachable */
  get(id: number): WriterSchema | Promise<WriterSchema> {
    const found = this.found.get(id);
    if (found) return found;
    const until = this.unknownUntil.get(id);
    if (until !== undefined && this.now() < until) throw new UnknownSchemaId(id);
    let request = this.asked.get(id);
    if (!request) {
      request = this.ask(id).finally(() => this.asked.delete(id));
      this.asked.set(id, request);
    }
    return request;
  }

  private async ask(id: number): Promise<WriterSchema> {
    try {
      const schema = await this.client.schemaById(id);
      this.found.set(id, schema);
      this.unknownUntil.delete(id);
      return schema;
    } catch (error) {
      if (error instanceof UnknownSchemaId) this.rememberUnknown(id);
      throw error;
    }
  }

  private rememberUnknown(id: number): void {
    this.unknownUntil.delete(id);
    this.unknownUntil.set(id, this.now() + unknownForMs);
    for (const oldest of this.unknownUntil.keys()) {
      if (this.unknownUntil.size <= mostUnknown) break;
      this.unknownUntil.delete(oldest);
    }
  }
}
