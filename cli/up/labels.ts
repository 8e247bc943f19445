import { messageOf, type Row } from '../../core/index.ts';
import { type Lake, tableOf } from '../lake-access.ts';
import { appendRows } from '../rows.ts';

const COMMIT_EVERY_MS = 5000;

/** Commits the ground truth of attacks, every few seconds: it must not slow the events. */
export function createLabelWriter(lake: Lake, warn: (message: string) => void) {
  let waiting: Row[] = [];
  let committing: Promise<void> = Promise.resolve();
  const commit = () => {
    const rows = waiting;
    waiting = [];
    committing = committing
      .then(() => appendRows(lake.store, tableOf(lake, 'labels'), rows))
      .catch((error: unknown) => warn(`[labels] ${rows.length} labels are lost: ${messageOf(error)}`));
    return committing;
  };
  const timer = setInterval(commit, COMMIT_EVERY_MS);
  return {
    add(rows: readonly Row[]) {
      waiting.push(...rows);
    },
    async end() {
      clearInterval(timer);
      await commit();
    },
  };
}
