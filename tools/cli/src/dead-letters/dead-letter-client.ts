import type { LetterDetail, LetterView, LetterStatistics, RetryAnswer } from '@lifeos/delivery';

/** As JSON gives it: times are text. */
export type AsJson<T> = { readonly [K in keyof T]: T[K] extends Date ? string : T[K] extends Date | null ? string | null : T[K] };
export type ListedLetter = AsJson<LetterView>;
export type ShownLetter = AsJson<LetterDetail>;
export type Statistics = AsJson<LetterStatistics & { relay_refused: number }>;

export interface Listed {
  readonly letters: readonly ListedLetter[];
  readonly next: string | null;
}

type Query = Readonly<Record<string, string | undefined>>;

interface ErrorBody {
  readonly message: string;
  readonly details?: unknown;
}

/** The dead letters of one service, by its HTTP API. Every call throws an Error with the service's own words. */
export class DeadLetterClient {
  constructor(
    private readonly service: string,
    private readonly base: string,
    private readonly token: string,
  ) {}

  list(query: Query): Promise<Listed> {
    return this.json<Listed>(`?${textOf(query)}`);
  }

  show(id: string): Promise<ShownLetter> {
    return this.json<ShownLetter>(`/${encodeURIComponent(id)}`);
  }

  statistics(): Promise<Statistics> {
    return this.json<Statistics>('/stats');
  }

  retry(body: object): Promise<RetryAnswer> {
    return this.json<RetryAnswer>('/retry', body);
  }

  async edit(id: string, body: object): Promise<void> {
    await this.call(`/${encodeURIComponent(id)}/edit`, body);
  }

  async skip(id: string, body: object): Promise<void> {
    await this.call(`/${encodeURIComponent(id)}/skip`, body);
  }

  /** Lines of JSON, as they come. */
  async export(query: Query): Promise<AsyncIterable<Uint8Array>> {
    const { body } = await this.call(`/export?${textOf(query)}`);
    if (body === null) throw new Error(`${this.service} answered without a body.`);
    return body;
  }

  private async json<T>(path: string, body?: object): Promise<T> {
    return (await (await this.call(path, body)).json()) as T;
  }

  private async call(path: string, body?: object): Promise<Response> {
    const url = `${this.base.replace(/\/$/, '')}/api/v1/operator/dead-letters${path}`;
    const headers = { authorization: `Bearer ${this.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const request = body === undefined ? { headers } : { headers, method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(url, request).catch((error: unknown) => {
      throw new Error(`${this.service} cannot be reached at ${this.base}: ${causeOf(error)}`, { cause: error });
    });
    if (response.ok) return response;
    throw new Error(`${this.service} answered ${response.status}: ${await reasonOf(response)}`);
  }
}

function textOf(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, value);
  return parameters.toString();
}

async function reasonOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    return (JSON.parse(text) as ErrorBody).message;
  } catch {
    return text.slice(0, 200);
  }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}
