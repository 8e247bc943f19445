import type { DeleteStreamInput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../operation.ts';
import { liveConsumers } from './consumer.ts';
import type { Context } from './context.ts';
import { inUse } from './faults.ts';
import { changeStream, isGone, passing, updateDocument } from './stream.ts';

export function createDeleteStream(context: Context): Operation<DeleteStreamInput, object> {
  return async (input, call) => {
    const name = await changeStream(context, call, input, (stream, streams) => {
      if (stream.status === 'CREATING') {
        throw inUse(`Attempt to change a resource which is still in use: Stream is being created: ${stream.name}`);
      }
      if (liveConsumers(context, stream).length > 0 && input.EnforceConsumerDeletion !== true) {
        throw inUse(
          `DeleteStream can't delete ${call.accountId}:${stream.name} because there are consumers associated with ` +
            `this data stream. To delete ${stream.name} anyway, set the EnforceConsumerDeletion parameter to true to ` +
            'force the deletion of all the consumers that are associated with it.',
        );
      }
      if (stream.status === 'DELETING') return null;
      const status = passing(context, 'DELETING');
      if (status === undefined) streams.delete(stream.name);
      else updateDocument(streams, stream, { status });
      return status === undefined ? null : stream.name;
    });
    if (name !== null) setTimeout(() => void takeAwayDeleted(context), context.delayMs + 1).unref();
    return {};
  };
}

/**
 * Takes away the streams whose deletion is over: nobody sees them any more, but their records are still there. What
 * cannot be done now, the log being closed say, is done at the next start.
 */
export async function takeAwayDeleted(context: Context): Promise<void> {
  try {
    if (!context.log.names().some((name) => isGone(context, context.log, name))) return;
    await context.log.change((streams) => {
      for (const name of streams.names()) if (isGone(context, streams, name)) streams.delete(name);
    });
  } catch {
    return;
  }
}
