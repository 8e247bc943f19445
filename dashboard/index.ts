export type * from './api.ts';
export { createApp } from './server/app.ts';
export type { DashboardDeps } from './server/deps.ts';
