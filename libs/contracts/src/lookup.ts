import type { AnyEventType } from './event-type.js';
import { allRecordTypes } from './generated/index.js';

const byRecordName = new Map(allRecordTypes.map((type) => [type.recordName, type]));

/** The published type of a record name such as `lifeos.quests.v1.QuestCompleted`; undefined when this build has none. */
export const eventTypeByRecordName = (recordName: string): AnyEventType | undefined => byRecordName.get(recordName);
