import type { Detection } from './detection.ts';
import { passwordSpray } from './password-spray.ts';

/** The rules across actors: one line a rule. */
export const DETECTIONS: readonly Detection[] = [passwordSpray];

export type { Detection, Hit } from './detection.ts';
export { createRunner, type Runner, type RunnerDeps } from './runner.ts';
