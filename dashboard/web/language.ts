/**
 * A browser started without a locale may call its language `en-US@posix`, which Intl refuses; uPlot asks Intl
 * for it when it is loaded, and the page would stay empty. Imported before everything else.
 */
function isKnown(language: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(language).length >= 0;
  } catch {
    return false;
  }
}

if (!isKnown(navigator.language)) Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });

export {};
