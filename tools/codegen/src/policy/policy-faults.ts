import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EventModule } from '../model.js';
import { type FolderOwner, readSchemaFolder, schemaFolders, schemaPath } from '../schema-files.js';
import type { SchemaFault } from './fault.js';
import { majorFaults } from './major-faults.js';
import { stepFaults } from './step-faults.js';

/** A version of an event with those before it in its major, oldest first. */
export interface CheckedVersion {
  readonly file: string;
  readonly schema: EventModule['versions'][number];
  readonly earlier: EventModule['versions'];
}

export interface PolicyReport {
  readonly versions: readonly CheckedVersion[];
  readonly faults: readonly SchemaFault[];
}

/** Everything in the files themselves, and between the versions and majors of an event. Asks neither git nor a registry. */
export function policyFaults(root: string): PolicyReport {
  const reports = schemaFolders(root).map((owner) => folderReport(root, owner));
  return { versions: reports.flatMap(({ versions }) => versions), faults: reports.flatMap(({ faults }) => faults) };
}

function folderReport(root: string, owner: FolderOwner): PolicyReport {
  const { events, faults } = readSchemaFolder(root, owner);
  const versions = events.flatMap((event) => versionsOf(owner, event));
  const steps = versions.flatMap(({ file, schema, earlier }) => {
    const before = earlier.at(-1);
    return before ? stepFaults(before, schema).map((fault) => ({ file, ...fault })) : [];
  });
  const majors = events.flatMap((event) => {
    const before = events.find(({ name, major }) => name === event.name && major === event.major - 1);
    const file = schemaPath(owner, event.name, event.versions[0]?.version ?? '');
    return majorFaults(event, before, (path) => existsSync(join(root, path))).map((fault) => ({ file, ...fault }));
  });
  return { versions, faults: [...faults, ...steps, ...majors] };
}

const versionsOf = (owner: FolderOwner, event: EventModule): CheckedVersion[] =>
  event.versions.map((schema, index) => ({ file: schemaPath(owner, event.name, schema.version), schema, earlier: event.versions.slice(0, index) }));
