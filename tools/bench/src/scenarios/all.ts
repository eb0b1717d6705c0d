import type { Scenario } from '../harness/scenario.js';
import { codec } from './codec.js';
import { consume } from './consume.js';
import { rebuild } from './rebuild.js';
import { relay } from './relay.js';

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [codec, relay, consume, rebuild];
