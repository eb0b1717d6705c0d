import type { INestApplication } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { ServiceDefinition } from '../service-definition.js';
import type { ShutdownStep } from '../shutdown/shutdown.js';
import type { Parts } from './parts.js';

export type CommonParts = Pick<Parts, 'config' | 'clock' | 'logger' | 'metrics'>;

/** The opened parts and how they begin and end. */
export interface OpenedParts {
  readonly parts: Parts;
  /** The transport that feeds the reactions. */
  readonly strategy: CustomTransportStrategy | null;
  /** Relay and consumption begin; a broker that is away is waited for in the background. */
  startEvents(app: INestApplication): Promise<void>;
  /** What ends after HTTP and consumption, in order. */
  readonly steps: readonly ShutdownStep[];
  /** Ends everything at once, for a start that failed. */
  close(): Promise<void>;
}

export async function openParts(_definition: ServiceDefinition, _common: CommonParts): Promise<OpenedParts> {
  throw new Error('The parts are not wired yet.');
}
