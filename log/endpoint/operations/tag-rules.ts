import { invalidArgument } from './faults.ts';

const TAGS_MAX = 50;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@%]*$/u;

/** InvalidArgumentException for tags that the service does not take beside those that are there. */
export function checkTags(added: Readonly<Record<string, string>>, known: Readonly<Record<string, string>>): void {
  checkTagText([...Object.keys(added), ...Object.values(added)]);
  const reserved = Object.keys(added).find((key) => key.toLowerCase().startsWith('aws:'));
  if (reserved !== undefined) {
    throw invalidArgument(`Tag key ${reserved} begins with aws:, which is reserved for AWS use.`);
  }
  const count = new Set([...Object.keys(known), ...Object.keys(added)]).size;
  if (count > TAGS_MAX) {
    throw invalidArgument(
      `A resource cannot have more than ${TAGS_MAX} tags associated with it; it would have ${count}.`,
    );
  }
}

/** InvalidArgumentException for characters that no tag has. */
export function checkTagText(texts: readonly string[]): void {
  if (texts.every((text) => ALLOWED.test(text))) return;
  throw invalidArgument(
    'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @ :.',
  );
}
