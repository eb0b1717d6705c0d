import { labelOf } from '../series/naming.js';

/** A question to write about, before it has an id. */
export interface Prompt {
  readonly category: 'mood' | 'milestone' | 'habit' | 'quest' | 'general';
  readonly text: string;
}

/** Prompts a day and person at most (J-7). */
export const promptsPerDay = 3;

/** The first prompt of all, on sign-up (J-7). */
export const welcomePrompt: Prompt = {
  category: 'general',
  text: 'Welcome. What would you like your life to look like a year from now?',
};

const milestone = (text: string): Prompt => ({ category: 'milestone', text });

/** J-7: what reaching a level asks. */
export const promptForLevel = (level: number): Prompt => milestone(`You reached level ${level}. What brought you here, and what do you want to keep doing?`);

/** J-7: what an unlocked achievement asks. */
export const promptForAchievement = (name: string): Prompt => milestone(`You unlocked "${name}". Which moment on the way do you want to remember?`);

/** J-7: what a stat's milestone asks. */
export const promptForStat = (stat: string): Prompt => milestone(`You reached a milestone in ${labelOf(stat)}. What has changed for you along the way?`);

/** J-7: what a skill's new band asks; the name is empty when the event tells none. */
export const promptForMastery = (skill: string, band: string): Prompt =>
  milestone(`You are now ${band} in ${skill === '' ? 'a skill' : `"${skill}"`}. What can you do today that you could not do when you began?`);

const bigQuests: ReadonlyMap<string, { what: string; question: string }> = new Map([
  ['main', { what: 'a main quest', question: 'What did it teach you?' }],
  ['annual_goal', { what: 'a goal of the year', question: 'What made the difference?' }],
  ['life_goal', { what: 'a life goal', question: 'How has it changed you, and whom do you want to thank?' }],
]);

const quoted = (title: string | undefined, otherwise: string): string => (title === undefined ? otherwise : `"${title}"`);

/** J-7: only life goals, annual goals and main quests ask something; null for the others. */
export function promptForQuest(questType: string, title?: string): Prompt | null {
  const quest = bigQuests.get(questType);
  return quest ? { category: 'quest', text: `You completed ${quoted(title, quest.what)}. ${quest.question}` } : null;
}

/** J-7: a quest that failed, of any type. */
export const promptForFailedQuest = (title?: string): Prompt => ({
  category: 'quest',
  text: `${title === undefined ? 'A quest' : quoted(title, '')} did not work out this time. What got in the way, and what would you do differently?`,
});

/** J-7: a streak; the name is empty when the event tells none. */
export const promptForStreak = (habit: string, streak: number): Prompt => ({
  category: 'habit',
  text: `${streak} in a row${habit === '' ? '' : ` with "${habit}"`}. What helps you to keep at it?`,
});

export const promptForBrokenStreak = (habit: string): Prompt => ({
  category: 'habit',
  text: `${habit === '' ? 'A streak' : `Your streak with "${habit}"`} ended; that happens. What would make it easy to begin again?`,
});

/** J-7: how an entry's mood is called low. */
export const lowMoodAtMost = 3;

/** J-8: mood of a day, and days in a row, from which on a prompt points to professional help. */
export const veryLowMoodAtMost = 2;
export const veryLowDaysInARow = 5;

/** J-7, J-8. Nothing else is done: whom to turn to is the person's own decision. */
export const promptForLowMood = (daysVeryLow: number): Prompt => ({
  category: 'mood',
  text:
    daysVeryLow < veryLowDaysInARow
      ? 'Today seems to be a hard day. What weighs on you, and what would help a little?'
      : 'You have had several very hard days in a row. It can help to talk to a professional: a doctor, a therapist or a helpline near you. In an emergency, call your local emergency number. Whom could you turn to?',
});
