import type { z } from 'zod';
import { answers as sharedAnswers } from '../generated/answers.js';
import type { ServiceDefinition } from '../service-definition.js';
import { sharedControllers } from '../service.module.js';
import type { AnswerSchemas } from './answer-schemas.js';
import { jsonSchemaOf, propertiesOf, type JsonSchema } from './json-schema.js';
import { routesOf, routesOfController, type Route } from './routes.js';

/** An operation of an OpenAPI 3.1 document. */
export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
  readonly responses: Readonly<Record<string, object>>;
  /** Who may call it. */
  readonly 'x-access': Route['access'];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: JsonSchema;
  readonly description?: string;
}

export interface ApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: object;
}

/** At the root of the server; everything else stands below the prefix. */
export const rootRoutes = ['health/live', 'health/ready', 'metrics'];
export const apiPrefix = 'api/v1';

/** The HTTP API of a service, from its routes, from the very schemas that check requests, and from what the routes' methods return. */
export function apiDocumentOf({ name, module, answers = noAnswers }: Pick<ServiceDefinition, 'name' | 'module' | 'answers'>): ApiDocument {
  const paths: Record<string, Record<string, Operation>> = {};
  const shared: Record<string, JsonSchema> = { ...sharedAnswers.schemas, ...answers.schemas };
  const success = { ...sharedAnswers.routes, ...answers.routes };
  for (const route of [...routesOf(module), ...sharedControllers.flatMap(routesOfController)]) {
    const path = fullPath(route.path);
    paths[path] = { ...paths[path], [route.method]: operationOf(route, { service: name, success, toJson: (schema) => jsonSchemaOf(schema, idOf(route), shared) }) };
  }
  const title = `Life OS: ${name}`;
  return { openapi: '3.1.0', info: { title, version: '1.0.0', description }, paths, components: { ...components, schemas: { ...components.schemas, ...shared } } };
}

const description = `Requests and answers are JSON. Every field that a request may have is listed; others are refused.
A request with faults is answered with 400 and all of them in \`details\`, and changes nothing.
Access tokens come from dashboard: POST /api/v1/dashboard/login. A user reads and changes his own data only.
Operations with \`x-access: operator\` are for operators alone.`;

function fullPath(path: string): string {
  const text = path.replaceAll(/:(\w+)/g, '{$1}');
  return isAtRoot(path) ? text : `/${apiPrefix}${text}`;
}

type ToJson = (schema: z.ZodType) => JsonSchema;

interface Surroundings {
  readonly service: string;
  readonly success: AnswerSchemas['routes'];
  readonly toJson: ToJson;
}

const noAnswers: AnswerSchemas = { routes: {}, schemas: {} };
const idOf = ({ controller, handler }: Route): string => `${controller}_${handler}`;

function operationOf(route: Route, { service, success, toJson }: Surroundings): Operation {
  return {
    operationId: idOf(route),
    summary: `${wordsOf(route.controller)}: ${wordsOf(route.handler).toLowerCase()}`,
    tags: [tagOf(route, service)],
    security: route.access === 'public' ? [] : [{ accessToken: [] }],
    parameters: parametersOf(route, toJson),
    ...(route.body === null ? {} : { requestBody: requestBodyOf(route.body, toJson) }),
    responses: responsesOf(route, success[idOf(route)]),
    'x-access': route.access,
  };
}

function tagOf({ access, path }: Route, service: string): string {
  if (access === 'operator') return 'operator';
  return isAtRoot(path) ? 'health' : service;
}

const isAtRoot = (path: string): boolean => rootRoutes.includes(path.slice(1));
const wordsOf = (name: string): string => name.replaceAll(/(?<=.)([A-Z])/g, ' $1');

/** */
const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  schema: { type: 'string', minLength: 1, maxLength: 255 },
  description: 'The same key and body are answered as the first time, and nothing is done twice; the same key with another body is 409.',
};

function parametersOf({ method, path, params, query }: Route, toJson: ToJson): Parameter[] {
  const declared = params ? propertiesOf(toJson(params)).map(({ name, schema }): Parameter => ({ name, in: 'path', required: true, schema })) : [];
  const named = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');
  const others = named.filter((name) => !declared.some((parameter) => parameter.name === name));
  return [
    ...declared,
    ...others.map((name): Parameter => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...(query ? propertiesOf(toJson(query)).map(({ name, schema, required }): Parameter => ({ name, in: 'query', required, schema })) : []),
    ...(method === 'post' ? [idempotencyKey] : []),
  ];
}

function requestBodyOf(body: NonNullable<Route['body']>, toJson: ToJson): NonNullable<Operation['requestBody']> {
  if (body === 'stream') return { required: true, content: { 'application/octet-stream': { schema: {} } } };
  return { required: true, content: { 'application/json': { schema: toJson(body) } } };
}

const errors: Readonly<Record<number, string>> = {
  400: 'Something in the request is not valid; `details` names every fault.',
  401: 'No access token, or one that is not accepted.',
  403: 'Not allowed: the data of another user, or a rule that forbids it.',
  404: 'There is no such thing.',
  409: 'The state does not allow it.',
  413: 'The body is too large.',
  415: 'The body is of a type that is not taken.',
  429: 'Too many tries; later again.',
};

function responsesOf(route: Route, schema: JsonSchema | undefined): Record<string, object> {
  const success = schema === undefined ? { description: 'Done; nothing to say.' } : { description: 'Done.', content: { [route.contentType]: { schema } } };
  return {
    [route.status]: success,
    ...Object.fromEntries(refusalsOf(route).map((status) => [status, { description: errors[status] ?? '', content: errorContent }])),
    default: { description: 'Something that nobody foresaw (500), or the service cannot do it right now (503).', content: errorContent },
  };
}

function refusalsOf({ access, path, method, params, query, body, alsoAnswers }: Route): number[] {
  const isInput = params !== null || query !== null || body !== null;
  return [
    ...(isInput ? [400] : []),
    ...(access === 'public' ? [] : [401, 403]),
    ...(path.includes(':') ? [404] : []),
    ...(method === 'get' ? [] : [409]),
    ...(body === null ? [] : [413, 415]),
    ...alsoAnswers,
  ];
}

const errorContent = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } };

const components = {
  securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
  schemas: {
    Fault: {
      type: 'object',
      required: ['field', 'message'],
      properties: { field: { type: 'string', description: 'Path of the field, for example rules.0.metric.' }, message: { type: 'string' } },
    },
    Error: {
      type: 'object',
      required: ['error', 'message'],
      properties: {
        error: { type: 'string', description: 'Stable code, snake_case.' },
        message: { type: 'string', description: 'For people.' },
        details: { description: 'What more there is to say: the faults of a request, or an object.', anyOf: [{ type: 'array', items: { $ref: '#/components/schemas/Fault' } }, { type: 'object' }] },
      },
    },
  },
};
