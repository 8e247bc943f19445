import type { StartStreamEncryptionInput, StopStreamEncryptionInput } from '@aws-sdk/client-kinesis';
import { KinesisError, type Operation } from '../operation.ts';
import type { Context } from './context.ts';
import { invalidArgument } from './faults.ts';
import { changeStream, checkActive, passing, updateDocument } from './stream.ts';

const KEY_ID = /^(arn:aws[^:]*:kms:[^:]+:\d{12}:(key|alias)\/\S+|alias\/\S+|(mrk-)?[0-9a-fA-F-]{32,36})$/;

/**
 * Records the key that encryption is asked for with. The log does not encrypt; that it says KMS from then on is so
 * that clients which look for it can be tested.
 */
export function createStartStreamEncryption(context: Context): Operation<StartStreamEncryptionInput, object> {
  return async (input, call) => {
    checkType(input.EncryptionType);
    await changeStream(context, call, input, (stream, streams) => {
      checkActive(call, stream);
      const encryptionKeyId = input.KeyId ?? '';
      if (!KEY_ID.test(encryptionKeyId))
        throw new KinesisError('KMSNotFoundException', `Invalid keyId ${encryptionKeyId}`);
      updateDocument(streams, stream, { encryptionKeyId, status: passing(context, 'UPDATING') });
    });
    return {};
  };
}

export function createStopStreamEncryption(context: Context): Operation<StopStreamEncryptionInput, object> {
  return async (input, call) => {
    checkType(input.EncryptionType);
    await changeStream(context, call, input, (stream, streams) => {
      checkActive(call, stream);
      updateDocument(streams, stream, { encryptionKeyId: undefined, status: passing(context, 'UPDATING') });
    });
    return {};
  };
}

function checkType(type: string | undefined): void {
  if (type !== 'KMS') throw invalidArgument('EncryptionType must be KMS.');
}
