export { appendImport } from './append.ts';
export { type ExportFile, openExport, pointerPath } from './export-file.ts';
export { type ImportPlan, planImport } from './plan.ts';
