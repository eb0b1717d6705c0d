import { SetMetadata } from '@nestjs/common';

export const alsoAnswers = 'lifeos:also-answers';

/** Statuses that a route answers beside those that its document names anyway, for example 429. */
export const AlsoAnswers = (...statuses: readonly number[]): MethodDecorator => SetMetadata(alsoAnswers, statuses);
