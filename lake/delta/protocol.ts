import { ConfigError } from '../../core/index.ts';
import type { Metadata, Protocol } from './actions.ts';

/** What Beagle's tables ask of others: what delta-rs and Spark write by default. */
export const PROTOCOL: Protocol = { minReaderVersion: 1, minWriterVersion: 2 };

/** Reader features that ask nothing of a reader of files: a new type, and a check that concerns vacuum alone. */
const HARMLESS_READER_FEATURES: ReadonlySet<string> = new Set(['timestampNtz', 'vacuumProtocolCheck']);

/** ConfigError, naming the feature, when the table needs a reader that Beagle is not. */
export function assertReadable(table: string, protocol: Protocol, metadata: Metadata): void {
  const refuse = (what: string): never => {
    throw new ConfigError(`[lake/delta] ${table} uses ${what}, which Beagle does not read; read it with Spark instead`);
  };
  if (protocol.minReaderVersion > 3) refuse(`reader version ${protocol.minReaderVersion}`);
  const unknown = (protocol.readerFeatures ?? []).filter((feature) => !HARMLESS_READER_FEATURES.has(feature));
  if (protocol.minReaderVersion === 3 && unknown.length > 0) refuse(`the table feature ${unknown.join(', ')}`);
  const mapping = metadata.configuration['delta.columnMapping.mode'] ?? 'none';
  if (mapping !== 'none' && protocol.minReaderVersion >= 2) refuse(`columnMapping (mode ${mapping})`);
}

/** ConfigError when a commit to the table needs a writer that Beagle is not (features beyond writer version 2). */
export function assertWritable(table: string, protocol: Protocol, metadata: Metadata): void {
  const version = protocol.minWriterVersion;
  const refuse = (what: string): never => {
    throw new ConfigError(
      `[lake/delta] ${table} needs ${what}, which Beagle does not write; write it with Spark instead`,
    );
  };
  if (version > PROTOCOL.minWriterVersion) {
    const features = (protocol.writerFeatures ?? []).join(', ');
    refuse(features === '' ? `writer version ${version}` : `the writer features ${features}`);
  }
  if (metadata.schemaString.includes('"delta.invariants"')) refuse('column invariants');
}
