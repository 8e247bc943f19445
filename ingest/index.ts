export { GENERATORS } from './sources/generators.ts';
export { SOURCES } from './sources/index.ts';
export {
  type Company,
  companySizeFor,
  createCompany,
  createWorldStream,
  type DirectoryRow,
  directory,
  type GeneratedEvent,
  type Label,
} from './world/index.ts';
