import { describe, expect, it } from '@jest/globals';
import { Body, Controller, Delete, Get, HttpCode, Module, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { OperatorOnly, Public } from '../auth/decorators.js';
import { bodyId, pageFields, pathId, text, valid } from '../http/validation.js';
import { AlsoAnswers } from './also-answers.js';
import { apiDocumentOf } from './document.js';

const notePath = z.object({ note_id: pathId });
const newNote = z.object({ user_id: bodyId, title: text(1, 200), mood: z.int().min(1).max(10).nullish(), more: z.json().optional() });
const page = z.object({ ...pageFields, tag: z.string().optional() });

@Controller('notes')
class NotesController {
  @Get(':note_id')
  show(@Param(valid(notePath)) _path: z.infer<typeof notePath>, @Query(valid(page)) _page: z.infer<typeof page>): null {
    return null;
  }

  @Post()
  create(@Body(valid(newNote)) _note: z.infer<typeof newNote>): null {
    return null;
  }

  @Delete(':note_id')
  @HttpCode(204)
  @OperatorOnly()
  remove(@Param(valid(notePath)) _path: z.infer<typeof notePath>): void {}

  @Post(':note_id/picture')
  @Public()
  @AlsoAnswers(429)
  picture(@Body() _file: unknown): null {
    return null;
  }

  helper(): null {
    return null;
  }
}

@Module({ controllers: [NotesController] })
class NotesModule {}

@Module({ imports: [NotesModule] })
class AppModule {}

const answers = { routes: { Notes_show: { $ref: '#/components/schemas/Note' }, Notes_create: { type: 'null' } }, schemas: { Note: { type: 'object' } } };
const document = apiDocumentOf({ name: 'notes', module: AppModule, answers });
const operation = (method: string, path: string) => document.paths[path]?.[method];

describe('the API document of a service', () => {
  it('has every route, those of imported modules and those that all services share', () => {
    const own = Object.keys(document.paths).filter((path) => path.includes('/notes'));
    expect(own).toEqual(['/api/v1/notes/{note_id}', '/api/v1/notes', '/api/v1/notes/{note_id}/picture']);
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/health/ready', '/metrics', '/api/v1/operator/jobs', '/api/v1/operator/dead-letters']));
    expect(document.info.title).toBe('Life OS: notes');
  });

  it('names parameters with the schemas that check them, ids as numbers', () => {
    expect(operation('get', '/api/v1/notes/{note_id}')?.parameters).toEqual([
      { name: 'note_id', in: 'path', required: true, schema: { type: 'integer', format: 'int64', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } },
      { name: 'limit', in: 'query', required: false, schema: { type: 'integer', minimum: 1, maximum: 200, default: 50 } },
      { name: 'offset', in: 'query', required: false, schema: { type: 'integer', minimum: 0, maximum: 1_000_000_000, default: 0 } },
      { name: 'tag', in: 'query', required: false, schema: { type: 'string' } },
    ]);
  });

  it('R-28: offers an Idempotency-Key for every POST', () => {
    expect(operation('post', '/api/v1/notes')?.parameters).toMatchObject([{ name: 'Idempotency-Key', in: 'header', required: false }]);
  });

  it('has bodies with their bounds, closed to other fields', () => {
    const schema = operation('post', '/api/v1/notes')?.requestBody?.content['application/json']?.schema;
    expect(schema).toMatchObject({ required: ['user_id', 'title'], additionalProperties: false, properties: { title: { type: 'string', minLength: 1, maxLength: 200 }, more: { $ref: expect.any(String) } } });
    expect(operation('post', '/api/v1/notes/{note_id}/picture')?.requestBody?.content).toEqual({ 'application/octet-stream': { schema: {} } });
  });

  it('keeps parts that refer to themselves among its components', () => {
    expect(document.components).toMatchObject({ schemas: { Notes_create__schema0: { anyOf: expect.any(Array) } } });
    expect(JSON.stringify(document)).not.toContain('$defs');
  });

  it('has the answers that were generated, and those of the shared routes, each with its type', () => {
    const okOf = (method: string, path: string): object | undefined => operation(method, path)?.responses['200'];
    expect(okOf('get', '/api/v1/notes/{note_id}')).toMatchObject({ content: { 'application/json': { schema: { $ref: '#/components/schemas/Note' } } } });
    expect(document.components).toMatchObject({ schemas: { Note: { type: 'object' }, ReadinessReport: { type: 'object' } } });
    expect(okOf('get', '/health/ready')).toMatchObject({ content: { 'application/json': { schema: { $ref: '#/components/schemas/ReadinessReport' } } } });
    expect(okOf('get', '/metrics')).toMatchObject({ content: { 'text/plain': { schema: { type: 'string' } } } });
    expect(okOf('get', '/api/v1/operator/dead-letters/export')).toMatchObject({ content: { 'application/x-ndjson': {} } });
  });

  it('says who may call an operation and what it answers', () => {
    const [show, create, remove, picture] = [operation('get', '/api/v1/notes/{note_id}'), operation('post', '/api/v1/notes'), operation('delete', '/api/v1/notes/{note_id}'), operation('post', '/api/v1/notes/{note_id}/picture')];
    expect([show, create, remove, picture].map((one) => one?.['x-access'])).toEqual(['user', 'user', 'operator', 'public']);
    expect([show?.security, picture?.security]).toEqual([[{ accessToken: [] }], []]);
    expect(Object.keys(create?.responses ?? {})).toEqual(['201', '400', '401', '403', '409', '413', '415', 'default']);
    expect(Object.keys(remove?.responses ?? {})).toEqual(['204', '400', '401', '403', '404', '409', 'default']);
    expect(Object.keys(picture?.responses ?? {})).toEqual(['201', '400', '404', '409', '413', '415', '429', 'default']);
    expect(remove?.responses['204']).toEqual({ description: expect.any(String) });
    expect(remove?.tags).toEqual(['operator']);
  });
});
