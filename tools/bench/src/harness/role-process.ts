import { exited, startChild } from './child.js';
import type { Answer, ProcessNote, ToRole } from './messages.js';
import type { BenchEnv, Prepared } from './scenario.js';

/** A helper process of the running contestant. */
export interface RoleProcess {
  readonly pid: number;
  tell(message: Prepared): void;
  onTold(listener: (message: Prepared) => void): void;
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
    onTold: (listener) => {
      child.process.on('message', (answer: Answer) => {
        if (answer.kind === 'told') listener(answer.message);
        if (answer.kind === 'failed') throw new Error(`${scenario} ${role}: ${answer.error}`);
      });
    },
    end: async () => {
      const end = exited(child.process);
      if (child.process.connected) say({ kind: 'end' });
      await end;
    },
  };
}
