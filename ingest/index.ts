export { appendImport, type ExportFile, type ImportPlan, openExport, planImport, pointerPath } from './import/index.ts';
export { createPartitionKeys, type KeyRegistry } from './partition-key.ts';
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
