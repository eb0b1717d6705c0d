import { describe, expect, it } from '@jest/globals';
import { apiDocumentOf, type Operation } from '@lifeos/service';
import { Validator } from '@seriousme/openapi-schema-validator';
import { definitionOf, serviceNames } from './services.js';

describe('the OpenAPI document of each service', () => {
  it.each(serviceNames)('of %s is valid OpenAPI 3.1, and its operations have ids of their own', async (name) => {
    const document = apiDocumentOf(await definitionOf(name));
    const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(document)) as Record<string, never>);
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
    const ids = Object.values(document.paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId));
    expect(ids).toEqual([...new Set(ids)]);
  });

  it.each(serviceNames)('of %s says what each route answers', async (name) => {
    const { paths } = apiDocumentOf(await definitionOf(name));
    const silent = Object.values(paths).flatMap((methods) => Object.values(methods)).filter(({ responses }) => !('204' in responses) && !saysSomething(responses));
    expect(silent.map(({ operationId }) => operationId)).toEqual([]);
  });
});

function saysSomething(responses: Operation['responses']): boolean {
  const content = Object.entries(responses).filter(([status]) => status < '300').flatMap(([, response]) => Object.values((response as { content?: Record<string, { schema: object }> }).content ?? {}));
  return content.length > 0 && content.every(({ schema }) => Object.keys(schema).length > 0);
}
