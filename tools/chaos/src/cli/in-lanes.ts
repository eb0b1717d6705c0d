/** Works on the items in their order, so many at the same time. Rejects with the first failure. */
export async function inLanes<T>(lanes: number, items: readonly T[], work: (item: T, index: number) => Promise<void>): Promise<void> {
  const left = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of left) await work(item, index);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
