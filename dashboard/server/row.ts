/** Values of a DuckDB row, whatever shape the driver gives them, as JSON-ready values. */

export function toNumber(value: unknown): number {
  const number = typeof value === 'number' ? value : Number(value ?? 0);
  return Number.isFinite(number) ? number : 0;
}

export function toNumberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : toNumber(value);
}

export function toText(value: unknown): string {
  return typeof value === 'string' ? value : value === null || value === undefined ? '' : String(value);
}

export function toTextOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : toText(value);
}

/** A list comes as an array, as the driver's `{ items }`, or as JSON text. */
export function toTexts(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(toText);
  if (typeof value === 'object' && value !== null && 'items' in value) return toTexts(value.items);
  if (typeof value === 'string' && value.startsWith('[')) {
    try {
      return toTexts(JSON.parse(value));
    } catch {
      return [value];
    }
  }
  return value === null || value === undefined || value === '' ? [] : [toText(value)];
}
