/** The services of this workspace: each is apps/<name>, one database, one role, one consumer group of that name. */
export const services = ['quests', 'dashboard', 'achievements', 'stats', 'journal', 'analytics', 'skills', 'integrations'] as const;

export type ServiceName = (typeof services)[number];

export const isService = (name: string): name is ServiceName => services.some((service) => service === name);
