import { outboxRace } from '../faults/outbox-race.js';
import { partFaults } from '../faults/part-faults.js';
import { registryDown } from '../faults/registry-down.js';
import { decodeFuzz } from '../fuzz/decode-fuzz.js';
import { recoveries } from '../recoveries/recoveries.js';
import { servicesKilled } from '../services/services-killed.js';
import type { Trial } from '../trial.js';

/** Everything but the kill points, which are played together in rounds. */
export const allTrials: readonly Trial[] = [...partFaults, registryDown, servicesKilled, ...recoveries, decodeFuzz, outboxRace];
