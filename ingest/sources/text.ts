/** Longest text that a column of a mapped event holds, UTF-16 units; what is longer is cut, `raw` keeps all of it. */
export const COLUMN_TEXT_MAX = 1024;

/** A text column: the text cut to {@link COLUMN_TEXT_MAX}, never inside a surrogate pair; null for anything but text. */
export function columnText(value: unknown): string | null {
  if (typeof value !== 'string' || value.length === 0) return null;
  if (value.length <= COLUMN_TEXT_MAX) return value;
  const last = value.charCodeAt(COLUMN_TEXT_MAX - 1);
  return value.slice(0, last >= 0xd800 && last <= 0xdbff ? COLUMN_TEXT_MAX - 1 : COLUMN_TEXT_MAX);
}

/** An identifier that some vendors write as text and others, or older versions, as a number. */
export function columnId(value: unknown): string | null {
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : columnText(value);
}
