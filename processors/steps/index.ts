import { signalFailures } from './signal-failures.ts';
import { signalGeoSpeed } from './signal-geo-speed.ts';
import { signalMfaChange } from './signal-mfa-change.ts';
import { signalNewCountry } from './signal-new-country.ts';
import { signalNewDevice } from './signal-new-device.ts';
import { signalPrivileged } from './signal-privileged.ts';
import { signalSessionMoved } from './signal-session-moved.ts';
import { signalUnusualHour } from './signal-unusual-hour.ts';
import { signalUserRisk } from './signal-user-risk.ts';
import type { Step } from './step.ts';

/** The signals over an actor, in the order in which they run. */
export const SIGNAL_STEPS: readonly Step[] = [
  signalGeoSpeed,
  signalNewDevice,
  signalNewCountry,
  signalFailures,
  signalUnusualHour,
  signalPrivileged,
  signalMfaChange,
  signalSessionMoved,
  signalUserRisk,
];

export { decideEvent } from './decide.ts';
export { enrichPlace } from './enrich-place.ts';
export { createNormalise, type Normalise, type NormalisedEvent } from './normalise.ts';
export { score } from './score.ts';
export type { Draft, PlaceOf, Step, StepContext } from './step.ts';
