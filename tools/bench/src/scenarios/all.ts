import { api } from './api.js';
import type { Scenario } from '../harness/scenario.js';
import { codec } from './codec.js';
import { consume } from './consume.js';
import { dispatch } from './dispatch.js';
import { failing } from './failing.js';
import { idle } from './idle.js';
import { latency } from './latency.js';
import { rebuild } from './rebuild.js';
import { relay } from './relay.js';
import { skip } from './skip.js';
import { soak } from './soak.js';
import { story } from './story.js';

/** In the order in which they run. */
export const scenarios: readonly Scenario[] = [codec, dispatch, relay, consume, latency, failing, skip, rebuild, story, api, idle, soak];
