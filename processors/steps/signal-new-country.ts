import { COUNTRIES_MAX, sight } from '../person.ts';
import type { Step } from './step.ts';

const KNOWN_US = 90 * 86_400_000_000;

/** Whether the person acts from a country that they have not acted from for 90 days. */
export const signalNewCountry: Step = ({ draft, person, atUs, clockUs, isPerson }) => {
  if (person === null || draft.src_country === null) return;
  draft.s_new_country = sight(person.countries, draft.src_country, atUs, clockUs - KNOWN_US, COUNTRIES_MAX, isPerson)
    ? 1
    : 0;
};
