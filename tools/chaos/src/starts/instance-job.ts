/** One instance of a service whose handlers each write a row an event. Goes to its process as text. */
export interface InstanceJob {
  readonly databaseUrl: string;
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly groupId: string;
  readonly handlers: readonly { readonly name: string; readonly from: 'beginning' | 'latest' | { readonly since: number } }[];
}
