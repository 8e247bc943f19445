import type { KnownStream, Streams } from './streams.ts';
import type { Writer } from './writer.ts';

/** One writer for each stream in its present life: two would not know of each other's keys. */
export interface Writers {
  of(stream: string): Promise<Writer>;
}

export function createWriters(streams: Streams, create: (stream: KnownStream) => Writer): Writers {
  const held = new Map<string, { readonly incarnation: string; readonly writer: Writer }>();
  return {
    async of(name) {
      const stream = await streams.known(name);
      const { incarnation } = stream.description;
      const known = held.get(name);
      if (known?.incarnation === incarnation) {
        known.writer.allow(stream.recordBytesMax);
        return known.writer;
      }
      const writer = create(stream);
      held.set(name, { incarnation, writer });
      return writer;
    },
  };
}
