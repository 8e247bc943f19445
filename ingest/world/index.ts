export type * from './activity.ts';
export { type Company, createCompany } from './company.ts';
export { type DirectoryRow, directory } from './directory.ts';
export { companySizeFor, createWorldStream, type GeneratedEvent } from './stream.ts';
