import { Readable } from 'node:stream';
import { Body, Controller, Get, Header, HttpCode, Inject, Param, Post, Query, StreamableFile } from '@nestjs/common';
import { DeadLetterDesk, type AuditRow, type By, type LetterDetail, type LetterFilter, type LetterPage, type LetterStatistics, type LetterView, type RetryAnswer } from '@lifeos/delivery';
import type { z } from 'zod';
import { Caller, OperatorOnly } from '../auth/decorators.js';
import type { Principal } from '../auth/principal.js';
import { valid } from '../http/validation.js';
import { auditQuery, editBody, exportQuery, letterFilter, letterPath, listQuery, retryBody, skipBody, type ListQuery, type RetryBody } from './dead-letter-requests.js';

type Path = z.infer<typeof letterPath>;

/** What this service parked, and what its relay could not publish: for operators to see and mend. */
@OperatorOnly()
@Controller('operator/dead-letters')
export class DeadLettersController {
  constructor(@Inject(DeadLetterDesk) private readonly desk: DeadLetterDesk) {}

  @Get()
  list(@Query(valid(listQuery)) { after, limit, ...filter }: ListQuery): Promise<LetterPage> {
    return this.desk.list(letterFilter(filter), { ...(after === undefined ? {} : { after }), ...(limit === undefined ? {} : { limit }) });
  }

  @Get('stats')
  statistics(): Promise<LetterStatistics & { relay_refused: number }> {
    return this.desk.statistics();
  }

  /** Who changed what, newest first. */
  @Get('audit')
  async audit(@Query(valid(auditQuery)) { before, limit }: z.infer<typeof auditQuery>): Promise<{ entries: AuditRow[] }> {
    return { entries: await this.desk.audit({ ...(before === undefined ? {} : { before }), ...(limit === undefined ? {} : { limit }) }) };
  }

  /** One JSON object a line, original bytes included. */
  @Get('export')
  @Header('content-type', 'application/x-ndjson')
  export(@Query(valid(exportQuery)) filter: z.infer<typeof exportQuery>): StreamableFile {
    return new StreamableFile(Readable.from(linesOf(this.desk, letterFilter(filter))), { type: 'application/x-ndjson' });
  }

  @Get(':id')
  show(@Param(valid(letterPath)) { id }: Path): Promise<LetterDetail | LetterView> {
    return this.desk.show(id);
  }

  @Post('retry')
  @HttpCode(200)
  retry(@Body(valid(retryBody)) body: RetryBody, @Caller() caller: Principal): Promise<RetryAnswer> {
    const { filter, all, dry_run: dryRun, cap, after, retries, reason } = body;
    const options = Object.fromEntries(Object.entries({ all, dryRun, cap, after, retries }).filter(([, value]) => value !== undefined));
    return this.desk.retry({ ...options, filter: letterFilter(filter), by: byOf(caller, reason) });
  }

  @Post(':id/edit')
  @HttpCode(204)
  edit(@Param(valid(letterPath)) { id }: Path, @Body(valid(editBody)) { payload, reason }: z.infer<typeof editBody>, @Caller() caller: Principal): Promise<void> {
    return this.desk.edit(id, payload, byOf(caller, reason));
  }

  @Post(':id/skip')
  @HttpCode(204)
  skip(@Param(valid(letterPath)) { id }: Path, @Body(valid(skipBody)) { reason }: z.infer<typeof skipBody>, @Caller() caller: Principal): Promise<void> {
    return this.desk.skip(id, { ...byOf(caller, reason), reason });
  }
}

function byOf({ userId, role }: Principal, reason: string | undefined): By {
  return { actor: `${role} ${userId}`, ...(reason === undefined ? {} : { reason }) };
}

async function* linesOf(desk: DeadLetterDesk, filter: LetterFilter): AsyncGenerator<string> {
  for await (const letter of desk.export(filter)) yield `${JSON.stringify(letter)}\n`;
}
