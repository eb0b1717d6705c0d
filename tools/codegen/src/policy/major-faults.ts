import { type EventModule, moduleName, newestOf } from '../model.js';
import type { FieldFault } from './fault.js';

/** Where the hand-written function lives that leads to this major from the one before. */
export const upcasterPath = (event: EventModule): string =>
  event.visibility === 'public' ? `libs/contracts/src/upcasters/${event.context}/${moduleName(event)}.ts` : `apps/${event.context}/src/upcasters/${moduleName(event)}.ts`;

/** What the first version of a major owes to the major before it (VR-4, VR-5). `before` is undefined when there is none. */
export function majorFaults(event: EventModule, before: EventModule | undefined, exists: (path: string) => boolean): FieldFault[] {
  const [first] = event.versions;
  const faults: FieldFault[] = [];
  if (first && first.version !== `${event.major}.0.0`) {
    faults.push({ field: '', rule: 'VR-1 semver-step', message: `major ${event.major} begins with ${first.version}`, todo: `name it ${event.major}.0.0` });
  }
  if (event.major === 1) return faults;
  if (!before) return [...faults, { field: '', rule: 'VR-5', message: `there is no major ${event.major - 1}`, todo: 'number majors without holes, and keep the files of older ones' }];
  if (!exists(upcasterPath(event))) {
    faults.push({ field: '', rule: 'VR-5 upcaster', message: `no upcaster leads from major ${before.major} to ${event.major}`, todo: `write ${upcasterPath(event)}` });
  }
  const gone = newestOf(before).fields.filter(({ name, deprecated }) => !deprecated && !first?.fields.some((field) => field.name === name));
  return [
    ...faults,
    ...gone.map(({ name }) => ({
      field: name, rule: 'VR-4', message: `${name} is gone, and ${newestOf(before).version} does not mark it deprecated`,
      todo: `release a minor of major ${before.major} that marks it "deprecated": true first`,
    })),
  ];
}
