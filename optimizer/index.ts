export * from './darwin/index.ts';
