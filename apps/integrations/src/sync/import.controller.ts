import { AsyncResource } from 'node:async_hooks';
import { Readable } from 'node:stream';
import type { Database } from '@lifeos/postgres';
import { AlsoAnswers, Caller, currentContext, DATABASE, pathId, type Principal, runInContext, valid } from '@lifeos/service';
import { Body, Controller, Headers, HttpCode, Inject, type OnModuleInit, Param, PayloadTooLargeException, Post, UnsupportedMediaTypeException } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { z } from 'zod';
import { ownIntegration } from '../integration/own-integration.js';
import { Tier } from '../integration/tier.js';
import { type ImportAnswer, ImportFile, mostBytes } from './import-file.js';

const oneIntegration = z.object({ integration_id: pathId });
const contentTypes = ['text/csv', 'text/xml', 'application/xml', 'application/octet-stream'];

type ParserDone = (error: Error | null, body?: unknown) => void;

/** The part of Fastify that streams need. */
interface TakesParsers {
  addContentTypeParser(types: readonly string[], parse: (request: { readonly routeOptions: { readonly url?: string } }, payload: Readable, done: ParserDone) => void): void;
}

@Controller('integrations')
export class ImportController implements OnModuleInit {
  /**
   * Made with the service, so what runs in it knows no Idempotency-Key: the steps of an import are not
   * remembered singly, for a file that comes again is read again, and each point taken once.
   */
  private readonly apart = new AsyncResource('LifeosImport');

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly imports: ImportFile,
    private readonly tier: Tier,
    private readonly host: HttpAdapterHost,
  ) {}

  /** Files reach this one route as streams; everywhere else they stay unsupported. */
  onModuleInit(): void {
    this.host.httpAdapter.getInstance<TakesParsers>().addContentTypeParser(contentTypes, (request, payload, done) => {
      if (request.routeOptions.url?.endsWith('/imports')) done(null, payload);
      else done(new UnsupportedMediaTypeException('This takes JSON.'));
    });
  }

  /** */
  @Post(':integration_id/imports')
  @HttpCode(200)
  @AlsoAnswers(413, 415)
  async import(
    @Param(valid(oneIntegration)) { integration_id }: z.infer<typeof oneIntegration>,
    @Body() file: unknown,
    @Caller() caller: Principal,
    @Headers('content-length') length: string | undefined,
  ): Promise<ImportAnswer> {
    this.tier.requireIntegrations();
    const one = await ownIntegration(this.database, integration_id, caller);
    if (!(file instanceof Readable)) throw new UnsupportedMediaTypeException(`This takes a file as ${contentTypes.join(', ')}.`);
    if (Number(length ?? 0) > mostBytes) throw new PayloadTooLargeException(`The file is larger than ${mostBytes} bytes.`);
    const context = currentContext();
    const work = (): Promise<ImportAnswer> => this.imports.import(one, file);
    return this.apart.runInAsyncScope(() => (context ? runInContext(context, work) : work()));
  }
}
