import type { Database } from '@lifeos/postgres';
import { Caller, DATABASE, pathId, type Principal, valid } from '@lifeos/service';
import { Controller, Inject, Param, Put } from '@nestjs/common';
import { z } from 'zod';
import { ConsentMissing, ImportsOnly } from '../integration/errors.js';
import { ownIntegration } from '../integration/own-integration.js';
import { Tier } from '../integration/tier.js';
import { Sources } from '../source/sources.js';
import { type SyncAnswer, SyncRunner } from './sync-runner.js';

const oneIntegration = z.object({ integration_id: pathId });

@Controller('integrations')
export class SyncController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly sources: Sources,
    private readonly runner: SyncRunner,
    private readonly tier: Tier,
  ) {}

  /** at any time (I-3), but while the circuit is open (I-8). */
  @Put(':integration_id/sync')
  async sync(@Param(valid(oneIntegration)) { integration_id }: z.infer<typeof oneIntegration>, @Caller() caller: Principal): Promise<SyncAnswer> {
    this.tier.requireIntegrations();
    const one = await ownIntegration(this.database, integration_id, caller);
    if (this.sources.format(one.service_name)) throw new ImportsOnly(integration_id, one.service_name);
    const answer = await this.runner.run(one, 'manual', new AbortController().signal);
    if (!answer) throw new ConsentMissing();
    return answer;
  }
}
