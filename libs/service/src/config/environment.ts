import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** One thing wrong with the environment, ready to print. */
export interface ConfigFault {
  readonly name: string;
  readonly problem: string;
  readonly example: string | null;
}

/** The environment does not describe a service; `faults` names everything wrong at once. */
export class InvalidConfig extends Error {
  readonly code = 'invalid_config';
  readonly retryable = false;

  constructor(readonly faults: readonly ConfigFault[]) {
    const lines = faults.map(({ name, problem, example }) => `  ${name}: ${problem}${example ? ` (example: ${example})` : ''}`);
    super(`The environment has ${faults.length} fault(s):\n${lines.join('\n')}`);
    this.name = 'InvalidConfig';
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables that are given, as text. */
export type GivenTexts = Readonly<Record<string, string>>;

/** What is wrong with variables that are well-formed each by itself. */
export type FaultsBetween = (given: GivenTexts) => readonly ConfigFault[];

/**
 * Reads the variables of `schema` from the environment. An empty variable counts as absent. A secret
 * may come as `NAME_FILE`, the path of a file whose trimmed content is the value.
 * @param faultsBetween asked also when single variables are wrong, so that nobody mends twice
 * @throws InvalidConfig naming every missing or wrong variable.
 */
export function readEnvironment<S extends z.ZodObject>(schema: S, environment: Environment, secrets: readonly string[], faultsBetween: FaultsBetween = () => []): z.infer<S> {
  const { values, faults } = resolve(Object.keys(schema.shape), environment, new Set(secrets));
  const answer = schema.safeParse(values);
  const all = [...faults];
  for (const found of [(answer.error?.issues ?? []).map((issue) => faultOf(schema, issue, values)), faultsBetween(values)]) {
    const named = new Set(all.map((fault) => fault.name));
    all.push(...found.filter((fault) => !named.has(fault.name)));
  }
  if (all.length > 0 || !answer.data) throw new InvalidConfig(all);
  return answer.data;
}

function resolve(names: readonly string[], environment: Environment, secrets: ReadonlySet<string>) {
  const values: Record<string, string> = {};
  const faults: ConfigFault[] = [];
  for (const name of names) {
    const value = environment[name] || undefined;
    const file = secrets.has(name) ? environment[`${name}_FILE`] || undefined : undefined;
    if (value && file) faults.push({ name, problem: `is given twice, as ${name} and as ${name}_FILE`, example: null });
    else if (value) values[name] = value;
    else if (file) readSecret(name, file, values, faults);
  }
  return { values, faults };
}

function readSecret(name: string, file: string, values: Record<string, string>, faults: ConfigFault[]): void {
  try {
    values[name] = readFileSync(file, 'utf8').trim();
  } catch (error) {
    faults.push({ name, problem: `${name}_FILE cannot be read: ${(error as Error).message}`, example: null });
  }
}

function faultOf(schema: z.ZodObject, issue: z.core.$ZodIssue, values: Readonly<Record<string, string>>): ConfigFault {
  const name = String(issue.path[0] ?? 'environment');
  const field = schema.shape[name] as z.ZodType | undefined;
  const example = field?.meta()?.['example'];
  const missing = !(name in values);
  return { name, problem: missing ? 'is missing' : issue.message, example: example === undefined ? null : String(example) };
}
