import type { DeleteStreamInput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../operation.ts';
import { liveConsumers } from './consumer.ts';
import type { Context } from './context.ts';
import { inUse } from './faults.ts';
import { changeStream, findStream, passing, updateDocument } from './stream.ts';

export function createDeleteStream(context: Context): Operation<DeleteStreamInput, object> {
  return async (input, call) => {
    const name = await changeStream(context, call, input, (stream, streams) => {
      if (stream.status === 'CREATING') {
        throw inUse(`Attempt to change a resource which is still in use: Stream is being created: ${stream.name}`);
      }
      if (liveConsumers(context, stream).length > 0 && input.EnforceConsumerDeletion !== true) {
        throw inUse(
          `Stream ${stream.name} under account ${call.accountId} has active consumers. ` +
            'Set EnforceConsumerDeletion to true to delete the stream and its consumers.',
        );
      }
      if (stream.status === 'DELETING') return null;
      const status = passing(context, 'DELETING');
      if (status === undefined) streams.delete(stream.name);
      else updateDocument(streams, stream, { status });
      return status === undefined ? null : stream.name;
    });
    if (name !== null) takeAwayLater(context, name, call);
    return {};
  };
}

/** Once its time is over; whoever looks before that is done sees it gone all the same. */
function takeAwayLater(context: Context, name: string, call: Parameters<typeof findStream>[1]): void {
  const takeAway = (): void => {
    context.log
      .change((streams) => {
        if (streams.look(name) !== null && findStream(context, call, name, streams) === null) streams.delete(name);
      })
      // The log may be closed by then; the next start does it.
      .catch(() => undefined);
  };
  setTimeout(takeAway, context.delayMs + 1).unref();
}
