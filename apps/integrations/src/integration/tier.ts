import { CONFIG } from '@lifeos/service';
import { Inject, Injectable } from '@nestjs/common';
import type { IntegrationsConfig } from '../config.js';
import { TierWithoutIntegrations } from './errors.js';

/** I-12. */
@Injectable()
export class Tier {
  private readonly allows: boolean;

  constructor(@Inject(CONFIG) { INTEGRATIONS_TIER }: Pick<IntegrationsConfig, 'INTEGRATIONS_TIER'>) {
    this.allows = INTEGRATIONS_TIER !== 'free';
  }

  /** @throws TierWithoutIntegrations */
  requireIntegrations(): void {
    if (!this.allows) throw new TierWithoutIntegrations();
  }
}
