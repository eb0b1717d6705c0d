import type { ApiDocument, Operation, Role } from '@lifeos/service';
import { badParametersOf, badValuesOf } from './bad-values.js';
import { sampleObject, sampleOf, type Schema } from './schema.js';

/** A request that must be refused, with nothing changed. */
export interface BadRequest {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  /** Null: without a token. */
  readonly as: { readonly userId: number; readonly role: Role } | null;
  readonly body?: string;
  readonly contentType?: string;
  readonly expected: readonly number[];
  /** Fields that `details` must name. */
  readonly faults?: readonly string[];
}

export interface Described {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

/** Whom requests are about, and somebody else. */
export const [owner, stranger] = [7, 8];
/** An id that nothing has. */
const nothing = 987_654_321;

export function operationsOf({ paths }: ApiDocument): Described[] {
  return Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })));
}

export const bodySchemaOf = ({ requestBody }: Operation): Schema | null => (requestBody?.content['application/json']?.schema as Schema | undefined) ?? null;

/** `values` stand for parameters of these names; others get a sample. */
export function fillPath({ path, operation }: Described, values: Readonly<Record<string, string>> = {}): string {
  const given: Record<string, string> = { user_id: String(owner), ...values };
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = operation.parameters.find((one) => one.in === 'path' && one.name === name);
    const schema = (parameter?.schema ?? {}) as Schema;
    return given[name] ?? encodeURIComponent(String(schema.type === 'integer' ? nothing : sampleOf(schema, 'nothing')));
  });
}

const caller = ({ 'x-access': access }: Operation): BadRequest['as'] => ({ userId: owner, role: access === 'operator' ? 'operator' : 'user' });

export function badRequestsOf(one: Described, known: Readonly<Record<string, string>>): BadRequest[] {
  return [...withoutRight(one, known), ...withBadParameters(one), ...withBadBody(one)];
}

/** 401 without a token; 403 with a user's where an operator is needed, or with another user's (404 for what does not exist). */
function withoutRight(one: Described, known: Readonly<Record<string, string>>): BadRequest[] {
  const { method, operation } = one;
  const access = operation['x-access'];
  if (access === 'public') return [];
  const schema = bodySchemaOf(operation);
  const filled = { method, path: fillPath(one, known), ...(schema ? json(JSON.stringify(withUser(schema))) : {}) };
  const noToken = { ...filled, what: 'no token', as: null, expected: [401] };
  if (access === 'operator') return [noToken, { ...filled, what: `a user's token`, as: { userId: owner, role: 'user' }, expected: [403] }];
  const isOwned = one.path.includes('{') || schema?.properties?.['user_id'] !== undefined;
  return isOwned ? [noToken, { ...filled, what: `another user's token`, as: { userId: stranger, role: 'user' }, expected: isFound(one, known) ? [403] : [403, 404] }] : [noToken];
}

function isFound({ path }: Described, known: Readonly<Record<string, string>>): boolean {
  return [...path.matchAll(/\{(\w+)\}/g)].every(([, name]) => name === 'user_id' || known[name ?? ''] !== undefined);
}

function withBadParameters(one: Described): BadRequest[] {
  const { method, operation } = one;
  const schema = bodySchemaOf(operation);
  const common = { method, as: caller(operation), expected: [400], ...(schema ? json(JSON.stringify(withUser(schema))) : {}) };
  const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
  const inQuery = operation.parameters.filter((parameter) => parameter.in === 'query');
  return [
    ...inPath.flatMap(({ name, schema: of }) => badParametersOf(of as Schema).map((value) => ({ ...common, what: `${name}=${value} in the path`, path: fillPath(one, { [name]: value }) }))),
    ...inQuery.flatMap(({ name, schema: of }) => badParametersOf(of as Schema).map((value) => ({ ...common, what: `${name}=${value} in the query`, path: `${fillPath(one)}?${name}=${value}`, faults: [name] }))),
    ...(inQuery.length > 0 ? [{ ...common, what: 'an unknown field in the query', path: `${fillPath(one)}?nothing=1`, faults: ['nothing'] }] : []),
  ];
}

function withBadBody(one: Described): BadRequest[] {
  const { method, operation } = one;
  const schema = bodySchemaOf(operation);
  if (!schema) return [];
  const { properties = {}, required = [] } = schema;
  const sample = withUser(schema);
  const common = { method, path: fillPath(one), as: caller(operation), expected: [400] };
  const fields = Object.entries(properties).flatMap(([name, of]) =>
    badValuesOf(of).map(({ why, json: value }) => ({ ...common, ...json(replaced(sample, name, value)), what: `${name}: ${why} ${value.slice(0, 30)}`, faults: [name] })),
  );
  const missing = required.map((name) => ({ ...common, ...json(JSON.stringify({ ...sample, [name]: undefined })), what: `${name} is missing`, faults: [name] }));
  return [...fields, ...missing, ...allAtOnce(schema, common), ...noJson({ ...common, ...json(JSON.stringify(sample)) })];
}

/** Every field wrong, and one that is unknown. The person stays right: he is checked before the rest. */
function allAtOnce({ properties = {} }: Schema, common: Omit<BadRequest, 'what'>): BadRequest[] {
  const wrong = Object.entries(properties).flatMap(([name, of]) => (name === 'user_id' ? [] : badValuesOf(of).slice(0, 1).map(({ json: value }) => [name, value] as const)));
  const fields = [...wrong, ['no_such_field', '1'] as const, ...('user_id' in properties ? [['user_id', String(owner)] as const] : [])];
  const body = `{${fields.map(([name, value]) => `"${name}":${value}`).join(',')}}`;
  return [{ ...common, ...json(body), what: 'everything wrong at once', faults: [...wrong.map(([name]) => name), 'no_such_field'] }];
}

function noJson(common: Omit<BadRequest, 'what'>): BadRequest[] {
  return [
    ...['[]', '"text"', '7'].map((body) => ({ ...common, body, what: `the body is ${body}` })),
    { ...common, body: '{"a":', what: 'half a body' },
    { ...common, body: '', what: 'an empty body' },
    { ...common, body: '{"__proto__": {"admin": true}}', what: 'a body that reaches for the prototype' },
    ...['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'].map((contentType) => ({ ...common, contentType, expected: [415], what: `a body of type ${contentType}` })),
  ];
}

const json = (body: string) => ({ body, contentType: 'application/json' });

const withUser = (schema: Schema): Record<string, unknown> => ({ ...sampleObject(schema, 'Sample'), ...(schema.properties?.['user_id'] ? { user_id: owner } : {}) });

/** JSON text of `sample` with one field set to JSON text. */
function replaced(sample: Record<string, unknown>, name: string, value: string): string {
  const others = Object.entries(sample).filter(([field]) => field !== name).map(([field, of]) => `${JSON.stringify(field)}:${JSON.stringify(of)}`);
  return `{${[...others, `${JSON.stringify(name)}:${value}`].join(',')}}`;
}
