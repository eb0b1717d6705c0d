export const integrationTypes = ['health', 'wealth', 'productivity', 'social'] as const;
export type IntegrationType = (typeof integrationTypes)[number];

/** I-1: the services that can be named, and what each may be connected as. */
export const knownServices: Readonly<Record<string, readonly IntegrationType[]>> = {
  apple_health: ['health'],
  google_fit: ['health'],
  strava: ['health', 'social'],
  oura: ['health'],
  plaid: ['wealth'],
  bank_csv: ['wealth'],
  todoist: ['productivity'],
  notion: ['productivity'],
  calendar: ['productivity', 'social'],
};

export const serviceNames: readonly string[] = Object.keys(knownServices);
