import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/decorators.js';
import { Scrape } from '../metrics/scrape.js';
import { Liveness, type LivenessReport } from './liveness.js';
import { Readiness, type ReadinessReport } from './readiness.js';

/** open routes at the root, beside the API. */
@Public()
@Controller()
export class HealthController {
  constructor(
    @Inject(Liveness) private readonly liveness: Liveness,
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(Scrape) private readonly scrape: Scrape,
  ) {}

  /** A broker or database that is away is no reason to restart; a consumer that gets no further is one. */
  @Get('health/live')
  live(@Res({ passthrough: true }) reply: FastifyReply): LivenessReport {
    const report = this.liveness.report();
    reply.status(report.status === 'stuck' ? 503 : 200);
    return report;
  }

  @Get('health/ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadinessReport> {
    const report = await this.readiness.report();
    reply.status(report.status === 'unready' ? 503 : 200);
    return report;
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  exposition(): Promise<string> {
    return this.scrape.read();
  }
}
