import { allUpcasters } from './generated/upcasters.js';
import { UpcastChains } from './upcasters/upcast-chains.js';

/** How older majors of the catalog's events are read as newer ones. */
export const catalogUpcasts = new UpcastChains(allUpcasters);
