export { chains, raisedIn, type Exceptions, type Raised } from './outcome.js';
export { playTwice, type Claim, type Findings } from './proof.js';
