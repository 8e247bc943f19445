export * from './column.ts';
export * from './errors.ts';
export * from './event.ts';
export * from './policy.ts';
export * from './random.ts';
export * from './result.ts';
export * from './signal.ts';
export * from './source.ts';
