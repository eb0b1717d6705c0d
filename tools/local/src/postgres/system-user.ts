import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

/** The user to run PostgreSQL as when we are root, which it refuses: `postgres`, created when there is none. */
export function unprivilegedUser(): SystemUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return idsOf('postgres') ?? createUser();
}

/** Whether the user can come to the path: every folder above it must be open to them. */
export function canReach(path: string, user: SystemUser): boolean {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    if (!mayEnter(folder, user)) return false;
    if (folder === dirname(folder)) return true;
  }
}

function mayEnter(folder: string, { uid, gid }: SystemUser): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false });
  // What does not exist yet is made by us, open to all.
  if (stat === undefined) return true;
  if (stat.uid === uid) return (stat.mode & 0o100) !== 0;
  if (stat.gid === gid) return (stat.mode & 0o010) !== 0;
  return (stat.mode & 0o001) !== 0;
}

function createUser(): SystemUser {
  execFileSync('useradd', ['--system', '--user-group', 'postgres'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const created = idsOf('postgres');
  if (created === undefined) throw new Error('useradd made no user `postgres`: create one, PostgreSQL does not run as root');
  return created;
}

function idsOf(name: string): SystemUser | undefined {
  const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}
