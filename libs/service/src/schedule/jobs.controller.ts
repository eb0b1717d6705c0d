import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { OperatorOnly } from '../auth/decorators.js';
import { text, valid } from '../http/validation.js';
import { type JobState, Schedule } from './schedule.js';

const oneJob = z.object({ name: text(1, 100) });
const wanted = z.object({ day: z.iso.date('is no day, YYYY-MM-DD') });

/** Daily jobs, for operators. */
@OperatorOnly()
@Controller('operator/jobs')
export class JobsController {
  constructor(private readonly schedule: Schedule) {}

  @Get()
  async list(): Promise<{ jobs: JobState[] }> {
    return { jobs: await this.schedule.states() };
  }

  /** Runs a job for a day at once and answers how many people it looked at. */
  @Post(':name/run')
  @HttpCode(200)
  async run(
    @Param(valid(oneJob)) { name }: z.infer<typeof oneJob>,
    @Body(valid(wanted)) { day }: z.infer<typeof wanted>,
  ): Promise<{ job: string; day: string; people: number }> {
    return { job: name, day, people: await this.schedule.runNow(name, day) };
  }
}
