/** A request about an integration that its state or this installation does not allow; nothing was fetched. */
class IntegrationRefusal extends Error {
  readonly retryable: boolean = false;

  constructor(
    readonly code: string,
    readonly kind: 'not_found' | 'conflict' | 'forbidden' | 'invalid' | 'unavailable',
    message: string,
    readonly details?: unknown,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

export class IntegrationNotFound extends IntegrationRefusal {
  constructor(integrationId: number) {
    super('integration_not_found', 'not_found', `There is no integration ${integrationId}.`);
  }
}

/** I-2, V-3. */
export class ConsentMissing extends IntegrationRefusal {
  constructor() {
    super('consent_missing', 'forbidden', 'This needs your consent for external_integrations; give it first.');
  }
}

/** I-12. */
export class TierWithoutIntegrations extends IntegrationRefusal {
  constructor() {
    super('tier_without_integrations', 'forbidden', 'The free tier has no integrations.');
  }
}

/** A service that is known, and that nothing here can read. */
export class NoAdapter extends IntegrationRefusal {
  constructor(service: string, available: readonly string[]) {
    super('no_adapter', 'conflict', `This installation has no adapter for ${service}. It reads ${available.join(', ')}.`, { available });
  }
}

export class ImportsOnly extends IntegrationRefusal {
  constructor(integrationId: number, service: string) {
    super('imports_only', 'conflict', `${service} is read from files: POST /api/v1/integrations/${integrationId}/imports.`);
  }
}

export class NoFiles extends IntegrationRefusal {
  constructor(service: string) {
    super('no_files', 'conflict', `${service} is read from the service itself and takes no files.`);
  }
}

export class CredentialsNeeded extends IntegrationRefusal {
  constructor(integrationId: number) {
    super('credentials_needed', 'conflict', `The credentials of integration ${integrationId} are not here any more: PUT /api/v1/integrations/${integrationId}/credentials.`);
  }
}

export class SyncUnderWay extends IntegrationRefusal {
  constructor(integrationId: number) {
    super('sync_under_way', 'conflict', `Integration ${integrationId} is being read right now.`);
  }
}

/** The integration was disconnected, or its run given up, while the source was read: what came was dropped. */
export class RunAbandoned extends IntegrationRefusal {
  constructor(integrationId: number) {
    super('run_abandoned', 'conflict', `Integration ${integrationId} changed while it was read; nothing was taken.`);
  }
}

/** I-2: the connection was tested and does not work. */
export class ConnectionRefused extends IntegrationRefusal {
  constructor(service: string, failure: { readonly code: string; readonly message: string }) {
    super('connection_refused', 'invalid', `${service} cannot be connected: ${failure.message}`, { error_code: failure.code });
  }
}

/** I-9: a run that brought nothing; values can be entered by hand meanwhile. */
export class SyncFailed extends IntegrationRefusal {
  constructor(details: { readonly sync_job_id: string; readonly error_code: string; readonly message: string; readonly next_sync_at: Date | null }) {
    const { message, ...rest } = details;
    super(details.error_code === 'CIRCUIT_OPEN' ? 'circuit_open' : 'sync_failed', 'unavailable', `${message} Values can be entered by hand meanwhile.`, { ...rest, manual_entry: true });
  }
}

/** the file as a whole is unusable; nothing was taken. */
export class FileRefused extends IntegrationRefusal {
  constructor(message: string, details: { readonly sync_job_id: string; readonly bad_rows: readonly { readonly line: number; readonly reason: string }[] }) {
    super('invalid', 'invalid', message, details);
  }
}

/** The sender went away before the whole file had come; nothing was taken. */
export class UploadEnded extends IntegrationRefusal {
  constructor(options?: ErrorOptions) {
    super('upload_ended', 'invalid', 'The file did not come to its end; nothing was taken.');
    this.cause = options?.cause;
  }
}
