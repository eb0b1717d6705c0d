export { checkHistory } from './history/check-history.js';
export { type Entry, type History, isClean, type Verdict } from './history/history.js';
export { playRound, type Kill, type RoundOptions, type RoundReport } from './harness/round.js';
export { allPoints } from './points/all-points.js';
export type { KillPoint } from './points/kill-point.js';
export { FaultProxy, type FaultProxyOptions } from './proxy/fault-proxy.js';
export { LostReplies } from './proxy/lost-replies.js';
export type { Toxic } from './proxy/toxics.js';
