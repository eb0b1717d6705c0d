/** The part of Nx's Tree that generators here use; nothing is written before all of one has run. */
export interface Workspace {
  readonly root: string;
  read(path: string, encoding: 'utf8'): string | null;
  write(path: string, text: string): void;
  exists(path: string): boolean;
  children(folder: string): string[];
}

/** Writes a file that must not be there yet. */
export function create(workspace: Workspace, path: string, text: string): void {
  if (workspace.exists(path)) throw new Error(`${path} is there already`);
  workspace.write(path, text);
}

/** Changes a file by a function. @throws Error when the function finds nothing to change. */
export function edit(workspace: Workspace, path: string, change: (text: string) => string): void {
  const text = workspace.read(path, 'utf8');
  if (text === null) throw new Error(`${path} does not exist`);
  const changed = change(text);
  if (changed === text) throw new Error(`${path} does not look as expected; change it by hand`);
  workspace.write(path, changed);
}

export const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
