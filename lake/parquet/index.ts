export { createFileBuilder, type FileBuilder, type FileBuilderOptions, type ParquetFile } from './file-builder.ts';
export { CODEC, type Codec, type Compress, UNCOMPRESSED } from './format.ts';
export { type NestedField, type NestedType, writeNested } from './nested.ts';
export type { FileStatistics } from './statistics.ts';
export { loadWasmZstd } from './wasm-zstd.ts';
export { loadZstd } from './zstd.ts';
