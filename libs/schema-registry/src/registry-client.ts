import { RegistryUnreachable, UnknownSchemaId } from '@lifeos/events';

export interface RegistryClientOptions {
  /** Base of the Confluent-compatible API; user and password in it are sent as basic authentication. */
  readonly url: string;
  /** A request without an answer after this many milliseconds counts as unreachable. Default 5000. */
  readonly timeoutMs?: number;
}

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

const unknownSubject = 40401;
const unknownSchema = 40403;

/**
 * The few requests that running services make, each with a time limit. Whatever is not the registry's own
 * definite answer is RegistryUnreachable: a proxy's 404 must not turn good records into dead letters.
 * (The Kafka client's registry library reports a registry that is away as status 400 and knows no time limit,
 * so it serves the release step only.)
 */
export class RegistryClient {
  /** Without user and password, fit for logs. */
  readonly url: string;
  private readonly headers: Record<string, string>;
  private readonly timeoutMs: number;

  constructor({ url, timeoutMs = 5000 }: RegistryClientOptions) {
    const parsed = new URL(url);
    const { username, password } = parsed;
    parsed.username = '';
    parsed.password = '';
    this.url = parsed.href.replace(/\/+$/, '');
    this.timeoutMs = timeoutMs;
    this.headers = { 'content-type': 'application/vnd.schemaregistry.v1+json', accept: 'application/vnd.schemaregistry.v1+json, application/json' };
    if (username) this.headers.authorization = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
  }

  /** The text of a schema as it was registered. @throws UnknownSchemaId when there is none of that id. */
  async schemaById(id: number): Promise<{ readonly schema: string; readonly schemaType: string }> {
    const { status, body } = await this.request('GET', `/schemas/ids/${id}`);
    if (status === 404 && body.error_code === unknownSchema) throw new UnknownSchemaId(id);
    if (status !== 200 || typeof body.schema !== 'string') throw this.unexpected(status, body);
    return { schema: body.schema, schemaType: typeof body.schemaType === 'string' ? body.schemaType : 'AVRO' };
  }

  /** The id under which a subject holds exactly this schema; null when it does not. */
  async idOf(subject: string, schema: string): Promise<number | null> {
    const { status, body } = await this.request('POST', `/subjects/${encodeURIComponent(subject)}`, { schema });
    if (status === 404 && (body.error_code === unknownSubject || body.error_code === unknownSchema)) return null;
    if (status !== 200 || typeof body.id !== 'number') throw this.unexpected(status, body);
    return body.id;
  }

  /** The compatibility that holds for a subject; null when the subject does not exist. */
  async compatibilityOf(subject: string): Promise<string | null> {
    const { status, body } = await this.request('GET', `/config/${encodeURIComponent(subject)}`);
    if (status === 404 && typeof body.error_code === 'number') return null;
    if (status !== 200 || typeof body.compatibilityLevel !== 'string') throw this.unexpected(status, body);
    return body.compatibilityLevel;
  }

  /** Also right when another sets the same at the same time. */
  async setCompatibility(subject: string, compatibility: string): Promise<void> {
    const { status, body } = await this.request('PUT', `/config/${encodeURIComponent(subject)}`, { compatibility });
    if (status === 409 && (await this.compatibilityOf(subject)) === compatibility) return;
    if (status !== 200) throw this.unexpected(status, body);
  }

  /** Whether an existing subject would take the schema. */
  async wouldTake(subject: string, schema: string): Promise<boolean> {
    const { status, body } = await this.request('POST', `/compatibility/subjects/${encodeURIComponent(subject)}/versions`, { schema });
    if (status !== 200 || typeof body.is_compatible !== 'boolean') throw this.unexpected(status, body);
    return body.is_compatible;
  }

  /** Every subject there is. */
  async subjects(): Promise<string[]> {
    return (await this.list('/subjects')).map(String);
  }

  /** The schemas of a subject as they were registered, oldest first. */
  async schemasOf(subject: string): Promise<string[]> {
    const path = `/subjects/${encodeURIComponent(subject)}/versions`;
    const texts: string[] = [];
    for (const version of await this.list(path)) {
      const { status, body } = await this.request('GET', `${path}/${String(version)}`);
      if (status !== 200 || typeof body.schema !== 'string') throw this.unexpected(status, body);
      texts.push(body.schema);
    }
    return texts;
  }

  private async list(path: string): Promise<unknown[]> {
    const { status, body } = await this.request('GET', path);
    if (status !== 200 || !Array.isArray(body)) throw this.unexpected(status, body);
    return body;
  }

  /** @throws RegistryUnreachable */
  async ping(): Promise<void> {
    const { status, body } = await this.request('GET', '/config');
    if (status !== 200) throw this.unexpected(status, body);
  }

  private async request(method: string, path: string, body?: object): Promise<Answer> {
    try {
      const response = await fetch(this.url + path, {
        method,
        headers: this.headers,
        body: body && JSON.stringify(body),
        signal: AbortSignal.timeout(this.timeoutMs),
      });
      return { status: response.status, body: parsed(await response.text()) };
    } catch (error) {
      throw new RegistryUnreachable(this.url, reasonOf(error), { cause: error });
    }
  }

  private unexpected(status: number, body: Record<string, unknown>): RegistryUnreachable {
    return new RegistryUnreachable(this.url, `it answered ${status} ${typeof body.message === 'string' ? body.message : 'without a message'}`);
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    return { message: text.slice(0, 200) };
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return cause.message || ('code' in cause ? String(cause.code) : error.message);
}
