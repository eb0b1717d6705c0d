import type { JsonSchema } from './json-schema.js';

/** What routes answer when all went well, as `npm run generate` reads it from their methods' return types. */
export interface AnswerSchemas {
  /** By operation, such as `Quest_complete`; a route without an answer is left out. */
  readonly routes: Readonly<Record<string, JsonSchema>>;
  /** What those refer to as `#/components/schemas/…`. */
  readonly schemas: Readonly<Record<string, JsonSchema>>;
}
