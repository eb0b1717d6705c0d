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

/** J-7: what reaching a level asks. */
export const promptForLevel = (level: number): Prompt => ({
  category: 'milestone',
  text: `You reached level ${level}. What brought you here, and what do you want to keep doing?`,
});

/** J-7: what an unlocked achievement asks. */
export const promptForAchievement = (name: string): Prompt => ({
  category: 'milestone',
  text: `You unlocked "${name}". Which moment on the way do you want to remember?`,
});

const bigQuests: ReadonlyMap<string, string> = new Map([
  ['main', 'You completed a main quest. What did it teach you?'],
  ['annual_goal', 'You completed a goal of the year. What made the difference?'],
  ['life_goal', 'You completed a life goal. How has it changed you, and whom do you want to thank?'],
]);

/** J-7: only life goals, annual goals and main quests ask something; null for the others. */
export function promptForQuest(questType: string): Prompt | null {
  const text = bigQuests.get(questType);
  return text === undefined ? null : { category: 'quest', text };
}
