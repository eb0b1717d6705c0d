import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SchemaFault } from './fault.js';

/** What `base`, a commit, holds of schema files, by path; null when the folder is no checkout or lacks the commit. */
export function releasedFiles(root: string, base: string): ReadonlyMap<string, string> | null {
  try {
    const listed = execFileSync('git', ['ls-tree', '-r', '-z', '--full-tree', base], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 26 });
    const lines = listed.split('\0').map((line) => /^\S+ blob (\S+)\t(.+)$/.exec(line));
    return new Map(lines.flatMap((line) => (line?.[1] && line[2] && isSchema(line[2]) ? [[line[2], line[1]] as const] : [])));
  } catch {
    return null;
  }
}

const isSchema = (path: string): boolean => /^(schemas\/[^/]+|apps\/[^/]+\/schemas)\/[^/]+\/[^/]+\.avsc$/.test(path);

/** Released files never change, like migrations: what they described is in logs and topics for good. */
export function releasedFaults(root: string, released: ReadonlyMap<string, string>): SchemaFault[] {
  return [...released].flatMap(([file, blob]) => {
    const path = join(root, file);
    const fault = { file, field: '', rule: 'released-unchanged' };
    if (!existsSync(path)) return [{ ...fault, message: 'it was released and is gone', todo: 'put it back; events of that version stay readable (VR-5)' }];
    if (blobOf(readFileSync(path)) === blob) return [];
    return [{ ...fault, message: 'it was released and differs now', todo: 'put it back as it was, and write the change as a new version' }];
  });
}

const blobOf = (content: Buffer): string => createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
