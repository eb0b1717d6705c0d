/**
 * Outlives the process that started it and stops what that process left behind, also after SIGKILL.
 * Standard input names the processes: `+ <pid> <signal>` started, `- <pid>` ended. When the input
 * ends, all that are left are stopped, the last started first.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const graceMs = 10_000;
const processes = new Map();

// The terminal's Ctrl-C and a polite stop are for the starter, who then says what is left.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
process.stdout.write('on watch\n');

for await (const line of createInterface({ input: process.stdin })) {
  const [sign, pid, signal] = line.split(' ');
  if (sign === '+') processes.set(Number(pid), signal);
  else processes.delete(Number(pid));
}

for (const [pid, signal] of [...processes].reverse()) {
  if (!send(pid, signal)) continue;
  const deadline = Date.now() + graceMs;
  while (isRunning(pid) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 25));
  if (isRunning(pid)) send(pid, 'SIGKILL');
}

function send(pid, signal) {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** A dead process stays visible until its new parent collects it, in some containers for long. */
function isRunning(pid) {
  if (!send(pid, 0)) return false;
  if (process.platform !== 'linux') return true;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}
