import type { ChildProcess } from 'node:child_process';
import { exited, startChild } from './child.js';
import type { Answer, ProcessNote, ToRole } from './messages.js';
import type { BenchEnv, Prepared } from './scenario.js';

/** A helper process of the running contestant. */
export interface RoleProcess {
  readonly pid: number;
  tell(message: Prepared): void;
  /** The value that it tells under this name; rejects when it ends before. Ask before it can have told. */
  next(name: string): Promise<string | number>;
  /** Asks it to end and waits until it has. */
  end(): Promise<void>;
}

/** Every role that this process started; goes into the report. */
export const startedRoles: ProcessNote[] = [];

/** Starts a role of the scenario in a process of its own; resolves when it is ready. */
export async function startRole(scenario: string, role: string, env: BenchEnv): Promise<RoleProcess> {
  const profileDir = process.execArgv.find((flag) => flag.startsWith('--cpu-prof-dir='))?.split('=')[1] ?? null;
  const child = startChild({ scenario, task: 'role', name: role, env }, { timeoutMs: 60_000, profileDir });
  startedRoles.push({ pid: child.pid, what: `${scenario} ${role}` });
  await child.answer;
  const say = (message: ToRole): void => void child.process.send(message);
  return {
    pid: child.pid,
    tell: (message) => say({ kind: 'tell', message }),
    next: (name) => nextTold(child.process, `${scenario} ${role}`, name),
    end: async () => {
      const end = exited(child.process);
      if (child.process.connected) say({ kind: 'end' });
      await end;
    },
  };
}

function nextTold(child: ChildProcess, label: string, name: string): Promise<string | number> {
  return new Promise((resolve, reject) => {
    child.on('message', (answer: Answer) => {
      const value = answer.kind === 'told' ? answer.message[name] : undefined;
      if (value !== undefined) resolve(value);
      if (answer.kind === 'failed') reject(new Error(`${label}: ${answer.error}`));
    });
    child.once('exit', () => reject(new Error(`${label} ended before it told ${name}.`)));
  });
}
