import { invalidArgument } from './faults.ts';

const TAGS_MAX = 50;
const READABLE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@%]*$/u;

/**
 * InvalidArgumentException for tags that the service does not take beside those that are known; `resource` is what
 * they are for, as its refusals name it.
 */
export function checkTags(
  added: Readonly<Record<string, string>>,
  known: Readonly<Record<string, string>>,
  resource: string,
): void {
  const texts = [...Object.keys(added), ...Object.values(added)];
  checkReadable(texts);
  const failed = `Failed to add tags to ${resource} because`;
  // Named among the valid characters, and refused all the same: so does the service.
  if (texts.some((text) => text.includes('%'))) {
    throw invalidArgument(
      `${failed} some tags contained illegal characters. The allowed characters are ` +
        "Unicode letters, white-spaces, '_',',','/','=','+','-','@'.",
    );
  }
  const reserved = Object.keys(added).find((key) => key.toLowerCase().startsWith('aws:'));
  if (reserved !== undefined)
    throw invalidArgument(`${failed} the key ${reserved} begins with aws:, which is reserved.`);
  if (new Set([...Object.keys(known), ...Object.keys(added)]).size > TAGS_MAX) {
    throw invalidArgument(`${failed} a given stream cannot have more than ${TAGS_MAX} tags associated with it.`);
  }
}

/** InvalidArgumentException for characters that no tag has. */
export function checkReadable(texts: readonly string[]): void {
  if (texts.every((text) => READABLE.test(text))) return;
  throw invalidArgument(
    'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
  );
}
