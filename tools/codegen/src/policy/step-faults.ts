import { isDeepStrictEqual } from 'node:util';
import type { SchemaField, SchemaRecord } from '../model.js';
import type { FieldFault } from './fault.js';
import { nestedFields, typeWithoutFields } from './field-tree.js';

type Step = 'minor' | 'patch' | 'none';

/** What a version may not do to the one before it in the same major (VR-1 to VR-4), and whether its number fits. */
export function stepFaults(older: SchemaRecord, newer: SchemaRecord): FieldFault[] {
  const faults = changesOf(older.fields, newer.fields, '');
  if ((older.topic ?? null) !== (newer.topic ?? null)) {
    faults.push({ field: '', rule: 'VR-1', message: 'the topic differs from that of the version before', todo: 'keep the topic; another one is a new major' });
  }
  if (faults.length > 0) return faults;
  const [needed, made] = [neededStep(older, newer), madeStep(older.version, newer.version)];
  if (needed === made) return [];
  return [{ field: '', rule: 'VR-1 semver-step', message: `${older.version} to ${newer.version} is ${stepText[made]}, the change is ${stepText[needed]}`, todo: todoFor(needed, older.version) }];
}

const stepText: Readonly<Record<Step, string>> = { minor: 'a minor step', patch: 'a patch', none: 'no step' };

function todoFor(needed: Step, version: string): string {
  const { major, minor, patch } = partsOf(version);
  if (needed === 'none') return 'nothing but the number changed; remove the file';
  return needed === 'minor' ? `name it ${major}.${minor + 1}.0` : `name it ${major}.${minor}.${patch + 1}`;
}

function changesOf(older: readonly SchemaField[], newer: readonly SchemaField[], prefix: string): FieldFault[] {
  const gone = older.filter(({ name }) => !newer.some((field) => field.name === name)).map((field) => goneFault(field, prefix + field.name));
  return [...gone, ...newer.flatMap((field) => fieldChange(older.find(({ name }) => name === field.name), field, prefix + field.name))];
}

function goneFault(field: SchemaField, at: string): FieldFault {
  const rule = 'default' in field ? 'VR-4' : 'VR-2';
  return { field: at, rule, message: `${at} is gone`, todo: `put it back, marked "deprecated": true; it may go with the next major` };
}

function fieldChange(old: SchemaField | undefined, field: SchemaField, at: string): FieldFault[] {
  if (!old) return 'default' in field ? [] : [{ field: at, rule: 'VR-3', message: `${at} is new and has no default`, todo: 'give it a default, which readers of older versions get' }];
  if (!isDeepStrictEqual(typeWithoutFields(old.type), typeWithoutFields(field.type))) {
    return [{ field: at, rule: 'VR-1', message: `${at} has another type than in the version before`, todo: 'keep the type; add a new field, or begin a new major with an upcaster' }];
  }
  const defaults: FieldFault[] = isDeepStrictEqual(old.default, field.default) && 'default' in old === 'default' in field
    ? []
    : [{ field: at, rule: 'VR-11', message: `${at} has another default than in the version before`, todo: 'keep the default, or events already written would read differently' }];
  return [...defaults, ...changesOf(nestedFields(old.type), nestedFields(field.type), `${at}.`)];
}

function neededStep(older: SchemaRecord, newer: SchemaRecord): Step {
  const [before, after] = [older, newer].map((schema) => ({ ...schema, version: '' }));
  if (isDeepStrictEqual(before, after)) return 'none';
  return isDeepStrictEqual(withoutDocs(before), withoutDocs(after)) ? 'patch' : 'minor';
}

const withoutDocs = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === 'doc' ? undefined : inner)));

function madeStep(older: string, newer: string): Step {
  const [before, after] = [partsOf(older), partsOf(newer)];
  if (after.minor > before.minor) return after.patch === 0 ? 'minor' : 'none';
  return after.patch > before.patch ? 'patch' : 'none';
}

function partsOf(version: string): { major: number; minor: number; patch: number } {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return { major, minor, patch };
}
