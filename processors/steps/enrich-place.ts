import type { PlaceOf, Step } from './step.ts';

/** Place and network of the address that the actor came from. */
export function enrichPlace(placeOf: PlaceOf): Step {
  return ({ draft }) => {
    if (draft.src_ip !== null) Object.assign(draft, placeOf(draft.src_ip));
  };
}
