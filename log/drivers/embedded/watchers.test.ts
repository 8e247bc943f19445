import { expect, test } from 'vitest';
import { createWatchers } from './watchers.ts';

test('wakes for what another process commits between the look at the newest and the first wait', async () => {
  let committed = 1;
  let known = 1;
  let looks = 0;
  const watchers = createWatchers({
    lastTransaction() {
      // The other process is as quick as can be.
      if (looks++ === 0) committed = 2;
      return committed;
    },
    refresh() {
      known = committed;
    },
  });
  await watchers.wait(() => known === 2, 2 ** 40);
  watchers.close();
});

test('wakes who waits when nothing can be looked up any more, and does not throw where nobody would catch it', async () => {
  let isWell = true;
  const fail = (): void => {
    if (!isWell) throw new Error('EIO: i/o error, read');
  };
  const watchers = createWatchers({
    refresh: fail,
    lastTransaction() {
      fail();
      return 1;
    },
  });
  const waitings = [watchers.wait(() => false, 2 ** 40), watchers.wait(() => false, 2 ** 40)];
  isWell = false;
  expect(() => watchers.notify()).not.toThrow();
  await Promise.all(waitings);
  isWell = true;
  const polled = watchers.wait(() => false, 2 ** 40);
  isWell = false;
  await polled;
  await expect(watchers.wait(() => false, 2 ** 40)).rejects.toThrow('EIO');
});
