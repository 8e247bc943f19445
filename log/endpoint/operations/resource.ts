import type { StreamChanges, StreamLookup } from '../../drivers/embedded-log.ts';
import type { Call } from '../operation.ts';
import { isKinesisArn, parseConsumerArn, parseStreamArn } from './arn.ts';
import { liveConsumers } from './consumer.ts';
import { demandConsumer } from './consumers.ts';
import type { Context } from './context.ts';
import { invalidArgument, notFound, refuseMember } from './faults.ts';
import { demandStream, type Stream, titleOf, updateDocument } from './stream.ts';

/** What both streams and consumers have. */
export interface ResourceMembers {
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly policy?: string | undefined;
}

export interface Resource {
  readonly arn: string;
  /** As the service's refusals name it. */
  readonly title: string;
  /** The stream that it is, or belongs to. */
  readonly stream: Stream;
  readonly members: ResourceMembers;
  update(streams: StreamChanges, members: ResourceMembers): void;
}

/** The stream or the consumer of an ARN; ResourceNotFoundException when it is not there. */
export function demandResource(
  context: Context,
  call: Call,
  input: { readonly ResourceARN?: string | undefined; readonly StreamId?: string | undefined },
  lookup: StreamLookup = context.log,
): Resource {
  refuseMember('StreamId', input.StreamId);
  const arn = input.ResourceARN ?? '';
  if (parseStreamArn(arn) !== null) {
    const stream = demandStream(context, call, { StreamARN: arn }, lookup);
    const update: Resource['update'] = (streams, members) => updateDocument(streams, stream, members);
    return { arn, title: titleOf(call, stream.name), stream, members: stream.document, update };
  }
  if (parseConsumerArn(arn) === null) {
    // A queue, say: the service has such resources, here there is none.
    if (isKinesisArn(arn)) throw notFound(`Resource ${arn} not found.`);
    throw invalidArgument(`ResourceARN ${arn} is not the ARN of a stream or a consumer.`);
  }
  const { stream, consumer } = demandConsumer(context, call, { ConsumerARN: arn }, lookup);
  return {
    arn,
    title: `consumer ${consumer.name} of ${titleOf(call, stream.name)}`,
    stream,
    members: consumer,
    update(streams, members) {
      const changed = JSON.parse(JSON.stringify({ ...consumer, ...members })) as typeof consumer;
      const consumers = liveConsumers(context, stream).map((one) => (one === consumer ? changed : one));
      updateDocument(streams, stream, { consumers });
    },
  };
}
