export { type EmbeddedLogOptions, openEmbeddedLog } from './drivers/embedded.ts';
export * from './log.ts';
