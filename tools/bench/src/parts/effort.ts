/** Processor time of this process from now on; hardly moves when other processes load the machine, as rates do. */
export function startEffort(): (events: number) => number {
  const before = process.cpuUsage();
  return (events) => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / events;
  };
}
