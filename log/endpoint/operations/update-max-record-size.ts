import type { UpdateMaxRecordSizeInput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../operation.ts';
import type { Context } from './context.ts';
import { changeStream, checkActive, passing, updateDocument } from './stream.ts';

export function createUpdateMaxRecordSize(context: Context): Operation<UpdateMaxRecordSizeInput, object> {
  return async (input, call) => {
    await changeStream(context, call, input, (stream, streams) => {
      checkActive(call, stream);
      updateDocument(streams, stream, {
        maxRecordKiB: input.MaxRecordSizeInKiB,
        status: passing(context, 'UPDATING'),
      });
    });
    return {};
  };
}
