import { expect, test } from 'vitest';
import { createChannels } from './channels.ts';

const fault = (type: string) => Object.assign(new Error(type), { type });

test('what is tried again when the log closes ends with it, and opens no connection that nobody would close', async () => {
  let opened = 0;
  let open = 0;
  const connect = async () => {
    opened++;
    open++;
    return {
      client: {},
      isBroken: () => false,
      async end() {
        open--;
      },
    };
  };
  const channels = createChannels({ cluster: connect, admin: connect } as never, 60_000);
  let attempted = () => {};
  const first = new Promise<void>((resolve) => {
    attempted = resolve;
  });
  const waiting = channels.onAdmin({ what: 'cannot' }, async () => {
    attempted();
    throw fault('LEADER_NOT_AVAILABLE');
  });
  waiting.catch(() => {});
  await first;
  await channels.close();
  await expect(waiting).rejects.toMatchObject({ message: expect.stringContaining('is closed') });
  expect({ opened, open }).toEqual({ opened: 1, open: 0 });
});
