export { createBatch, writeBatchFiles } from './batch.ts';
export type { Committed } from './committer.ts';
export { CONTROL_APP, type Control } from './control.ts';
export { createRunner, DETECTIONS, type Detection, type Runner } from './detections/index.ts';
export { lostIn } from './gaps.ts';
export { createLeases, type Member, startMember } from './leases/index.ts';
export { SCORED_STREAM } from './live.ts';
export {
  BATCH_TABLES,
  type BatchTable,
  createManifests,
  type Gap,
  type Manifest,
  type Manifests,
  shardName,
} from './manifest.ts';
export type { ThreadConfig } from './messages.ts';
export { GROUP, type Pipeline, type PipelineDeps, startPipeline } from './pipeline.ts';
export { createPlaceOf, loadPlaceData, type PlaceData, type PlaceFiles } from './places/index.ts';
export { createProcess } from './process.ts';
export { createSkips } from './skips.ts';
export { createSnapshots } from './snapshots.ts';
export { createShardState } from './state.ts';
export { BATCH_LIMITS, type BatchLimits, type Progress } from './worker.ts';
