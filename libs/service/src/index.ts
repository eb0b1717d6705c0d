export { startService } from './start-service.js';
export { runService } from './run-service.js';
export type { RunningService, RunOptions } from './run-service.js';
export type { ServiceDefinition } from './service-definition.js';
export { ServiceModule } from './service.module.js';
export { NotMigrated, serviceMigrations } from './wiring/migrations.js';
export { CLOCK, CONFIG, CONSENTS, DATABASE, EVENT_LOG, LOGGER, METRICS, RELAY } from './tokens.js';
export { systemClock } from './clock.js';
export type { Clock } from './clock.js';
export { MovableClock } from './movable-clock.js';

export { auditOf } from './consent/consent-audit.js';
export type { AuditRow } from './consent/consent-audit.js';
export { allows, sensitiveEventNames, sensitiveTypes } from './consent/consent-state.js';
export { dataCategories, dataCategoriesOf } from './consent/data-categories.js';
export type { DataCategory } from './consent/data-categories.js';
export { consentPurposes, storedConsents } from './consent/consents.js';
export type { ConsentPurpose, Consents } from './consent/consents.js';
export type { ConsentListener, EndedConsent } from './consent/consent-listener.js';
export { StoredConsentGate } from './consent/stored-consent-gate.js';
export type { ConsentGateParts } from './consent/stored-consent-gate.js';

export type { DailyJob, JobContext, PeoplePage } from './schedule/daily-job.js';

export { Commands } from './commands/commands.js';
export type { CommandOptions, Raise } from './commands/commands.js';

export { InvalidConfig } from './config/environment.js';
export type { ConfigFault, Environment } from './config/environment.js';
export { ed25519Key, flag, required, url, wholeNumber } from './config/fields.js';
export { loadConfig, serviceEnvironment } from './config/service-config.js';
export type { ServiceConfig } from './config/service-config.js';

export { Caller, OperatorOnly, Public } from './auth/decorators.js';
export { mayActFor } from './auth/principal.js';
export type { Principal, Role } from './auth/principal.js';
export { createTokenSigner, createTokenVerifier, InvalidToken } from './auth/access-tokens.js';
export type { TokenRules, TokenSigner, TokenVerifier } from './auth/access-tokens.js';

export { Conflict, Forbidden, Invalid, NotFound, Problem, Unauthenticated } from './http/problems.js';
export type { Fault, Refusal, RefusalKind } from './http/problems.js';
export { AlsoAnswers } from './api-docs/also-answers.js';
export type { AnswerSchemas } from './api-docs/answer-schemas.js';
export { apiDocumentOf } from './api-docs/document.js';
export type { ApiDocument, Operation, Parameter } from './api-docs/document.js';
export { isTimeZone, localDay } from './calendar/local-day.js';
export { rememberTimeZones, timeZoneOf, timeZonesOf } from './calendar/time-zones.js';
export type { ZoneNews } from './calendar/time-zones.js';
export { bodyId, pageFields, pathId, text, valid } from './http/validation.js';

export { currentContext, runInContext } from './context/request-context.js';
export type { RequestContext } from './context/request-context.js';
export { createLogger } from './logging/logger.js';
export type { Logger } from './logging/logger.js';
export { createMetrics } from './metrics/metrics.js';
export type { Metrics } from './metrics/metrics.js';
