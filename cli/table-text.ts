/** Rows of a list unless --limit says otherwise. */
export const ROWS_SHOWN = 20;

/** Cells wide enough for a position of any log, which people copy. */
export const POSITION_CELL_MAX = 64;

/** Rows as an aligned table of text, a header first; cells longer than `cellMax` are cut with …. */
export function tableText(columns: readonly string[], rows: readonly (readonly unknown[])[], cellMax = 60): string {
  const cells = rows.map((row) => row.map((value) => cut(textOf(value), cellMax)));
  const widths = columns.map((name, i) => Math.max(name.length, ...cells.map((row) => (row[i] as string).length)));
  const isNumber = columns.map(
    (_, i) => rows.length > 0 && rows.every((row) => row[i] === null || typeof row[i] === 'number'),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i] as number) : cell.padEnd(widths[i] as number)))
      .join('  ')
      .trimEnd();
  return `${[line(columns), line(widths.map((width) => '─'.repeat(width))), ...cells.map(line)].join('\n')}\n`;
}

/** Rows as CSV (RFC 4180), a header first; null is an empty field. */
export function csvText(columns: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const field = (value: unknown) => {
    const text = value === null ? '' : textOf(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [columns, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** One line, without control characters: what events say must not steer a terminal. */
function cut(text: string, max: number): string {
  const clean = text.replace(/\p{Cc}/gu, ' ');
  return clean.length <= max ? clean : `${clean.slice(0, max - 1)}…`;
}
