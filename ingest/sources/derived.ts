import { createRandom, type Random } from '../../core/index.ts';

/** Names remembered at a time: enough for the people, devices and open sessions of a large company. */
const NAMES_MAX = 50_000;

/**
 * Values that belong to a name for ever, such as the id of a device: `derive` gets a random stream that depends on
 * the family and the name alone. What was derived is remembered, for speed only: forgetting changes nothing.
 */
export function createDerived<T>(family: string): (name: string, derive: (random: Random) => T) => T {
  const values = new Map<string, T>();
  return (name, derive) => {
    const known = values.get(name);
    if (known !== undefined) return known;
    const value = derive(createRandom(`${family} ${name}`));
    if (values.size >= NAMES_MAX) values.clear();
    values.set(name, value);
    return value;
  };
}
