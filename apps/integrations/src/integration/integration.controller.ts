import type { Database } from '@lifeos/postgres';
import { Caller, CLOCK, type Clock, DATABASE, pageFields, pathId, type Principal, valid } from '@lifeos/service';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { z } from 'zod';
import { type IntegrationView, viewOf } from '../read-models/integration-view.js';
import { Sources } from '../source/sources.js';
import { Connecting } from './connecting.js';
import { integrationsOf, type StoredIntegration } from './integration-store.js';
import { ownIntegration } from './own-integration.js';
import { credentialsBody, newIntegrationBody, type NewIntegrationWish } from './requests.js';
import { Tier } from './tier.js';

const person = z.object({ user_id: pathId });
const oneIntegration = z.object({ integration_id: pathId });
const page = z.object(pageFields);

type IntegrationPath = z.infer<typeof oneIntegration>;

@Controller('integrations')
export class IntegrationController {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly sources: Sources,
    private readonly connecting: Connecting,
    private readonly tier: Tier,
  ) {}

  /** oldest first. */
  @Get(':user_id')
  async list(@Param(valid(person)) { user_id }: z.infer<typeof person>, @Query(valid(page)) part: z.infer<typeof page>): Promise<{ integrations: IntegrationView[] }> {
    const found = await integrationsOf(this.database, user_id, part);
    return { integrations: found.map((one) => this.viewOf(one)) };
  }

  /** R-5, I-2, I-12. */
  @Post()
  async connect(@Body(valid(newIntegrationBody)) wish: NewIntegrationWish, @Caller() caller: Principal): Promise<IntegrationView> {
    this.tier.requireIntegrations();
    const integrationId = await this.connecting.connect(wish, this.database);
    return this.viewOf(await ownIntegration(this.database, integrationId, caller));
  }

  /** New credentials for a connection that has none any more, or whose own have ended. */
  @Put(':integration_id/credentials')
  async renew(
    @Param(valid(oneIntegration)) { integration_id }: IntegrationPath,
    @Body(valid(credentialsBody)) { credentials }: z.infer<typeof credentialsBody>,
    @Caller() caller: Principal,
  ): Promise<IntegrationView> {
    this.tier.requireIntegrations();
    await this.connecting.renew(await ownIntegration(this.database, integration_id, caller), credentials, this.database);
    return this.viewOf(await ownIntegration(this.database, integration_id, caller));
  }

  /** R-7, I-10. */
  @Delete(':integration_id')
  @HttpCode(204)
  async disconnect(@Param(valid(oneIntegration)) { integration_id }: IntegrationPath, @Caller() caller: Principal): Promise<void> {
    await this.connecting.disconnect(await ownIntegration(this.database, integration_id, caller));
  }

  private viewOf(one: StoredIntegration): IntegrationView {
    return viewOf(one, this.clock.now(), this.sources.format(one.service_name) !== null);
  }
}
