const KNOWN = ['okta', 'github', 'slack', 'aws'];
const OTHERS = 4;

/** Number of an app's colour, 0 to 7: four of their own, the rest by name. Never the colours of risk. */
export function appColor(app: string): number {
  const known = KNOWN.indexOf(app);
  if (known >= 0) return known;
  let hash = 0;
  for (const char of app) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return KNOWN.length + (hash % OTHERS);
}

/** A colour of the theme, as the canvas needs it. */
export function themeColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
