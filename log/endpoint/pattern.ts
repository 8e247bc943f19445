/** The model's patterns hold for the whole text, as Java's `matches` does. */
export function fullPattern(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})$`);
}
