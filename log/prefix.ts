import type { Log, StreamDescription } from './log.ts';

/** The streams of a log whose names begin with the prefix, under their names without it. */
export function withPrefix(log: Log, prefix: string): Log {
  if (prefix === '') return log;
  const own = (stream: string) => `${prefix}${stream}`;
  const named = (stream: string, description: StreamDescription): StreamDescription => ({ ...description, stream });
  return {
    driver: log.driver,
    createStream: async (stream, options) => named(stream, await log.createStream(own(stream), options)),
    describeStream: async (stream) => named(stream, await log.describeStream(own(stream))),
    async listStreams() {
      const streams = await log.listStreams();
      return streams.filter((stream) => stream.startsWith(prefix)).map((stream) => stream.slice(prefix.length));
    },
    deleteStream: (stream) => log.deleteStream(own(stream)),
    append: (stream, records) => log.append(own(stream), records),
    appendToShard: (stream, shardId, records) => log.appendToShard(own(stream), shardId, records),
    read: (stream, shardId, start, options) => log.read(own(stream), shardId, start, options),
    watch: (stream, shardId, start, timeoutMs, signal) => log.watch(own(stream), shardId, start, timeoutMs, signal),
    bounds: (stream, shardId) => log.bounds(own(stream), shardId),
    trim: (stream, shardId, position) => log.trim(own(stream), shardId, position),
    ...(log.hold === undefined ? {} : { hold: holdOf(log, own) }),
    ...(log.retain === undefined ? {} : { retain: async (stream, kept) => log.retain?.(own(stream), kept) }),
    close: () => log.close(),
  };
}

const holdOf =
  (log: Log, own: (stream: string) => string): NonNullable<Log['hold']> =>
  async (stream, shardId, holder, position) =>
    log.hold?.(own(stream), shardId, holder, position);
