import type {
  Consumer,
  DeregisterStreamConsumerInput,
  DescribeStreamConsumerInput,
  DescribeStreamConsumerOutput,
  ListStreamConsumersInput,
  ListStreamConsumersOutput,
  RegisterStreamConsumerInput,
  RegisterStreamConsumerOutput,
} from '@aws-sdk/client-kinesis';
import type { StreamLookup } from '../../drivers/embedded-log.ts';
import type { Call, Operation } from '../operation.ts';
import { consumerArn, parseConsumerArn } from './arn.ts';
import { consumerStatus, liveConsumers } from './consumer.ts';
import { type Context, nowMs } from './context.ts';
import { inUse, invalidArgument, limitExceeded, notFound, notUsable, refuseMember } from './faults.ts';
import { checkCreation } from './list-shards.ts';
import { openPage, sealPage } from './page.ts';
import { changeStream, checkSettled, demandStream, passing, type Stream, titleOf, updateDocument } from './stream.ts';
import type { StoredConsumer } from './stream-document.ts';
import { checkTags } from './tag-rules.ts';

/** The API Reference, RegisterStreamConsumer. */
const CONSUMERS_MAX = 20;
const CREATING_MAX = 5;
/** The API Reference, ListStreamConsumers: the default, and the most given whatever the limit. */
const LISTED_MAX = 100;

export function createRegisterStreamConsumer(
  context: Context,
): Operation<RegisterStreamConsumerInput, RegisterStreamConsumerOutput> {
  return (input, call) =>
    changeStream(context, call, input, (stream, streams) => {
      const { ConsumerName: name = '', Tags = {} } = input;
      checkSettled(call, stream);
      checkTags(Tags, {}, `consumer ${name} of ${titleOf(call, stream.name)}`);
      const consumers = liveConsumers(context, stream);
      if (consumers.some((one) => one.name === name)) {
        throw inUse(`Consumer ${name} under stream ${stream.name} already exists for account ${call.accountId}.`);
      }
      const creating = consumers.filter((one) => consumerStatus(context, one) === 'CREATING').length;
      if (consumers.length >= CONSUMERS_MAX || creating >= CREATING_MAX) {
        throw limitExceeded(
          `Stream ${stream.name} under account ${call.accountId} has ${consumers.length} registered consumers, ` +
            `${creating} of them in CREATING status; the limits are ${CONSUMERS_MAX} and ${CREATING_MAX}.`,
        );
      }
      const status = passing(context, 'CREATING');
      const createdMs = nowMs(context);
      const consumer = { name, createdMs, tags: Tags, ...(status === undefined ? {} : { status }) };
      updateDocument(streams, stream, { consumers: [...consumers, consumer] });
      return { Consumer: { ...toConsumer(context, stream, consumer), ConsumerStatus: 'CREATING' } };
    });
}

export function createDeregisterStreamConsumer(context: Context): Operation<DeregisterStreamConsumerInput, object> {
  return async (input, call) => {
    await context.log.change((streams) => {
      const { stream, consumer } = demandConsumer(context, call, input, streams);
      const others = liveConsumers(context, stream).filter((one) => one !== consumer);
      const status = passing(context, 'DELETING');
      updateDocument(streams, stream, {
        consumers: status === undefined ? others : [...others, { ...consumer, status }],
      });
    });
    return {};
  };
}

export function createDescribeStreamConsumer(
  context: Context,
): Operation<DescribeStreamConsumerInput, DescribeStreamConsumerOutput> {
  return async (input, call) => {
    const { stream, consumer } = demandConsumer(context, call, input, context.log);
    return { ConsumerDescription: { ...toConsumer(context, stream, consumer), StreamARN: stream.arn } };
  };
}

interface ConsumersPage {
  readonly stream: string;
  readonly after: string;
}

export function createListStreamConsumers(
  context: Context,
): Operation<ListStreamConsumersInput, ListStreamConsumersOutput> {
  return async (input, call) => {
    const { NextToken, MaxResults = LISTED_MAX, StreamCreationTimestamp } = input;
    if (NextToken !== undefined && StreamCreationTimestamp !== undefined) {
      throw invalidArgument('NextToken and StreamCreationTimestamp cannot be provided together.');
    }
    const stream = demandStream(context, call, input);
    checkCreation(stream, call, StreamCreationTimestamp);
    checkSettled(call, stream, notUsable);
    const page: ConsumersPage =
      NextToken === undefined
        ? { stream: stream.name, after: '' }
        : await openPage<ConsumersPage>(context, 'ListStreamConsumers', NextToken);
    if (page.stream !== stream.name) throw invalidArgument('Invalid NextToken.');
    const left = [...liveConsumers(context, stream)]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .filter(({ name }) => name > page.after);
    const given = left.slice(0, Math.min(MaxResults, LISTED_MAX));
    const after = given.at(-1)?.name ?? '';
    return {
      Consumers: given.map((consumer) => toConsumer(context, stream, consumer)),
      ...(given.length < left.length
        ? { NextToken: await sealPage(context, 'ListStreamConsumers', { stream: stream.name, after }) }
        : {}),
    };
  };
}

function toConsumer(context: Context, stream: Stream, consumer: StoredConsumer): Consumer {
  return {
    ConsumerName: consumer.name,
    ConsumerARN: arnOf(stream, consumer),
    ConsumerStatus: consumerStatus(context, consumer),
    ConsumerCreationTimestamp: new Date(consumer.createdMs),
  };
}

function arnOf(stream: Stream, { name, createdMs }: StoredConsumer): string {
  return consumerArn(stream.arn, name, Math.floor(createdMs / 1000));
}

/** How a request names a consumer. */
export interface ConsumerInput {
  readonly StreamARN?: string | undefined;
  readonly ConsumerName?: string | undefined;
  readonly ConsumerARN?: string | undefined;
  readonly StreamId?: string | undefined;
}

/** The consumer that a request names by its ARN, by stream and name, or by all three if they agree. */
export function demandConsumer(
  context: Context,
  call: Call,
  { StreamARN, ConsumerName, ConsumerARN, StreamId }: ConsumerInput,
  lookup: StreamLookup,
): { readonly stream: Stream; readonly consumer: StoredConsumer } {
  refuseMember('StreamId', StreamId);
  if (ConsumerARN === undefined && (StreamARN === undefined || ConsumerName === undefined)) {
    throw invalidArgument('Either ConsumerARN, or StreamARN and ConsumerName, must be provided.');
  }
  const parsed = ConsumerARN === undefined ? null : parseConsumerArn(ConsumerARN);
  if (ConsumerARN !== undefined && parsed === null) {
    throw invalidArgument(`ConsumerARN ${ConsumerARN} is not a valid consumer ARN.`);
  }
  if (
    parsed !== null &&
    ((StreamARN ?? parsed.streamArn) !== parsed.streamArn || (ConsumerName ?? parsed.consumer) !== parsed.consumer)
  ) {
    throw invalidArgument(`ConsumerARN ${ConsumerARN} does not agree with the StreamARN or ConsumerName given.`);
  }
  const stream = demandStream(context, call, { StreamARN: parsed?.streamArn ?? StreamARN }, lookup);
  const name = parsed?.consumer ?? ConsumerName;
  const consumer = liveConsumers(context, stream).find((one) => one.name === name);
  if (consumer === undefined || (ConsumerARN !== undefined && arnOf(stream, consumer) !== ConsumerARN)) {
    throw notFound(`Consumer ${ConsumerARN ?? name}, account ${call.accountId} not found.`);
  }
  return { stream, consumer };
}
