/** One thing that is wrong with a schema file, and what to do about it. */
export interface SchemaFault {
  /** Path from the root of the workspace. */
  readonly file: string;
  /** `auto_completion_rules[].threshold`; empty for the record or the file itself. */
  readonly field: string;
  /** Which rule it breaks: a number of `events.md`, or a name that `docs/evolve-a-schema.md` explains. */
  readonly rule: string;
  readonly message: string;
  readonly todo: string;
}

/** A fault whose file the caller knows. */
export type FieldFault = Omit<SchemaFault, 'file'>;
