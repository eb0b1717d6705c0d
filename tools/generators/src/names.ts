/** QuestPaused -> quest-paused */
export const kebab = (name: string): string => name.replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '-').toLowerCase();

/** note-pause -> NotePause */
export const pascal = (name: string): string => name.split('-').map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('');

/** note-pause -> note_pause */
export const snake = (name: string): string => name.replaceAll('-', '_');

/** What generated code calls a major of an event. */
export const typeName = (event: string, major: number): string => (major === 1 ? event : `${event}V${major}`);
