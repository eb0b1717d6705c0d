import { Body, Controller, Delete, Get, Inject, Put } from '@nestjs/common';
import { z } from 'zod';
import { OperatorOnly } from '../auth/decorators.js';
import type { Clock } from '../clock.js';
import { Forbidden } from '../http/problems.js';
import { valid } from '../http/validation.js';
import { MovableClock } from '../movable-clock.js';
import { CLOCK } from '../tokens.js';
import { Schedule } from './schedule.js';

const setting = z.object({ now: z.iso.datetime({ offset: true, error: 'is no point in time, ISO 8601 with a zone' }) });

interface ClockAnswer {
  readonly now: string;
  readonly movable: boolean;
}

/** The business clock of this instance, for operators; it can be moved only when started with CLOCK_MOVABLE. */
@OperatorOnly()
@Controller('operator/clock')
export class ClockController {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly schedule: Schedule,
  ) {}

  @Get()
  show(): ClockAnswer {
    return { now: this.clock.now().toISOString(), movable: this.clock instanceof MovableClock };
  }

  @Put()
  move(@Body(valid(setting)) { now }: z.infer<typeof setting>): ClockAnswer {
    this.movable().set(new Date(now));
    this.schedule.wake();
    return this.show();
  }

  /** Back to the real time. */
  @Delete()
  reset(): ClockAnswer {
    this.movable().reset();
    return this.show();
  }

  private movable(): MovableClock {
    if (this.clock instanceof MovableClock) return this.clock;
    throw new Forbidden('The clock of this service cannot be moved: it was not started with CLOCK_MOVABLE=true.');
  }
}
