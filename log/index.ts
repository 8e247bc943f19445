export { type EmbeddedLogOptions, openEmbeddedLog } from './drivers/embedded.ts';
export { createPlacement, evenHashKeyRanges, hashKeyOf } from './hash-key.ts';
export * from './log.ts';
