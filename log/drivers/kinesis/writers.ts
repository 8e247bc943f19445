import type { KnownStream, Streams } from './streams.ts';
import type { Writer } from './writer.ts';

/** One writer for each stream in its present life and with its present limits. */
export interface Writers {
  of(stream: string): Promise<Writer>;
  forget(stream: string): void;
}

export function createWriters(streams: Streams, create: (stream: KnownStream) => Writer): Writers {
  const held = new Map<string, { readonly stream: KnownStream; readonly writer: Writer }>();
  return {
    async of(name) {
      const stream = await streams.known(name);
      const known = held.get(name);
      const isSame =
        known?.stream.description.incarnation === stream.description.incarnation &&
        known.stream.recordBytesMax === stream.recordBytesMax;
      if (known !== undefined && isSame) return known.writer;
      const writer = create(stream);
      held.set(name, { stream, writer });
      return writer;
    },
    forget: (stream) => void held.delete(stream),
  };
}
