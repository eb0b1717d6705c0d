import { fileURLToPath } from 'node:url';

/** The checkout that this command belongs to. */
export const workspaceRoot = fileURLToPath(new URL('../../../', import.meta.url));
