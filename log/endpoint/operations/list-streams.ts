import type { ListStreamsInput, ListStreamsOutput } from '@aws-sdk/client-kinesis';
import type { Operation } from '../operation.ts';
import type { Context } from './context.ts';
import { openPage, sealPage } from './page.ts';
import { findStream, type Stream } from './stream.ts';

/** The API Reference, ListStreams: the default, and the most given whatever the limit. */
const STREAMS_MAX = 100;

export function createListStreams(context: Context): Operation<ListStreamsInput, ListStreamsOutput> {
  return async ({ Limit = STREAMS_MAX, ExclusiveStartStreamName, NextToken }, call) => {
    const after =
      NextToken === undefined ? ExclusiveStartStreamName : await openPage<string>(context, 'ListStreams', NextToken);
    const left = context.log
      .names()
      .filter((name) => after === undefined || name > after)
      .map((name) => findStream(context, call, name, context.log))
      .filter((stream): stream is Stream => stream !== null);
    const page = left.slice(0, Math.min(Limit, STREAMS_MAX));
    const more = page.length < left.length;
    return {
      StreamNames: page.map((stream) => stream.name),
      HasMoreStreams: more,
      ...(more ? { NextToken: await sealPage(context, 'ListStreams', page.at(-1)?.name) } : {}),
      StreamSummaries: page.map(({ name, arn, status, document, description }) => ({
        StreamName: name,
        StreamARN: arn,
        StreamStatus: status,
        StreamModeDetails: { StreamMode: document.mode ?? 'PROVISIONED' },
        StreamCreationTimestamp: new Date(Math.floor(description.createdUs / 1000)),
      })),
    };
  };
}
