/**
 * The latest time, ms, that any record before `offset` was stamped with; 0 when none was.
 *
 * Brokers stamp records by their own clocks, which may step back or differ after a leader moved; the port promises
 * arrival that never decreases. It is therefore the running maximum of the stamps: a function of the log alone, so
 * that whoever reads, from wherever, sees the same. Kafka's look-up of the first record stamped at or after a time
 * answers it without reading what lies before: some record before `offset` has a stamp of at least t exactly if that
 * look-up gives an offset before `offset`. Where clocks behave, one look-up is enough.
 *
 * `stampMs` is the stamp of the record at `offset`: only what exceeds it matters. `since` gives the first offset
 * stamped at or after a time, or null. What was trimmed is gone, its stamps too.
 */
export async function latestBefore(
  offset: number,
  stampMs: number,
  since: (timeMs: number) => Promise<number | null>,
): Promise<number> {
  const liesBefore = async (timeMs: number) => {
    const first = await since(timeMs);
    return first !== null && first < offset;
  };
  if (!(await liesBefore(stampMs + 1))) return stampMs;
  let low = stampMs + 1;
  let step = 1;
  while (await liesBefore(low + step)) {
    low += step;
    step *= 2;
  }
  for (let high = low + step; high - low > 1; ) {
    const middle = Math.floor((low + high) / 2);
    if (await liesBefore(middle)) low = middle;
    else high = middle;
  }
  return low;
}
