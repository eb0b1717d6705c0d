import { CONFIG, type ServiceDefinition } from '@lifeos/service';
import { Module } from '@nestjs/common';
import { type IntegrationsConfig, integrationsEnvironment, integrationsSecrets } from './config.js';
import { answers } from './generated/answers.js';
import { Connecting, ConnectionTest } from './integration/connecting.js';
import { CredentialVault } from './integration/credential-vault.js';
import { DisconnectWhenConsentEnds } from './integration/disconnect-when-consent-ends.js';
import { IntegrationController } from './integration/integration.controller.js';
import { Tier } from './integration/tier.js';
import { KeepPointsWhenExternalDataReceived } from './reactions/keep-points-when-external-data-received.js';
import { RememberCompletionWhenAutoCompletionTriggered } from './reactions/remember-completion-when-auto-completion-triggered.js';
import { RememberIntegrationWhenConnectedOrDisconnected } from './reactions/remember-integration-when-connected-or-disconnected.js';
import { WatchQuestWhenItChanges } from './reactions/watch-quest-when-it-changes.js';
import { Sources } from './source/sources.js';
import { Completions } from './sync/completions.js';
import { Fetching } from './sync/fetching.js';
import { ImportController } from './sync/import.controller.js';
import { ImportFile } from './sync/import-file.js';
import { Runs } from './sync/runs.js';
import { SyncController } from './sync/sync.controller.js';
import { SyncRecords } from './sync/sync-records.js';
import { SyncRunner } from './sync/sync-runner.js';
import { SyncWorker } from './sync/sync-worker.js';

const http = [IntegrationController, SyncController, ImportController];

const reactions = [
  WatchQuestWhenItChanges,
  RememberIntegrationWhenConnectedOrDisconnected,
  KeepPointsWhenExternalDataReceived,
  RememberCompletionWhenAutoCompletionTriggered,
];

const consentListeners = [DisconnectWhenConsentEnds];

const sources = { provide: Sources, inject: [CONFIG], useFactory: ({ FAKE_SOURCE }: IntegrationsConfig) => new Sources({ fake: FAKE_SOURCE }) };
const vault = { provide: CredentialVault, inject: [CONFIG], useFactory: ({ INTEGRATIONS_CREDENTIALS_KEYS }: IntegrationsConfig) => new CredentialVault(INTEGRATIONS_CREDENTIALS_KEYS) };
const syncs = [Runs, Fetching, Completions, SyncRecords, SyncRunner, SyncWorker, ImportFile];

@Module({ controllers: [...http, ...reactions], providers: [sources, vault, Tier, ConnectionTest, Connecting, ...syncs, ...consentListeners] })
export class IntegrationsModule {}

export const integrations: ServiceDefinition = {
  name: 'integrations',
  module: IntegrationsModule,
  answers,
  migrations: new URL('../migrations/', import.meta.url),
  config: integrationsEnvironment,
  secrets: integrationsSecrets,
  consentListeners,
};
