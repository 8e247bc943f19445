import { DEVICES_MAX, sight } from '../person.ts';
import type { Step } from './step.ts';

const KNOWN_US = 90 * 86_400_000_000;

/** Whether the person uses a device that they have not used for 90 days. */
export const signalNewDevice: Step = ({ draft, person, atUs, clockUs, isPerson }) => {
  if (person === null || draft.device_uid === null) return;
  draft.s_new_device = sight(person.devices, draft.device_uid, atUs, clockUs - KNOWN_US, DEVICES_MAX, isPerson) ? 1 : 0;
};
