import { ENCODING } from './format.ts';
import { packBits } from './hybrid.ts';
import type { Scratch } from './number-values.ts';
import type { EncodedValues } from './pages.ts';

/** The booleans of one column in a row group. */
export class BooleanValues {
  count = 0;
  #values = new Uint8Array(0);

  add(value: boolean): void {
    if (this.count === this.#values.length) this.#grow();
    this.#values[this.count++] = value ? 1 : 0;
  }

  /** One bit a value, least significant bit first. */
  encode(entryEnd: number, scratch: Scratch): EncodedValues {
    const { page } = scratch;
    return {
      dictionary: null,
      segments: [
        {
          encoding: ENCODING.plain,
          entryEnd,
          fit: (from, bytesMax) => from + bytesMax * 8,
          encode: (from, to) => {
            page.clear();
            page.reserve(Math.ceil((to - from) / 8));
            packBits(page.bytes, 0, this.#values, from, to, 1);
            return page.view(0, Math.ceil((to - from) / 8));
          },
        },
      ],
    };
  }

  clear(): void {
    this.count = 0;
  }

  #grow(): void {
    const grown = new Uint8Array(Math.max(1024, this.#values.length * 2));
    grown.set(this.#values);
    this.#values = grown;
  }
}
