/**
 * What the service says, written down apart from the code that is tested. From answers of the service that others
 * recorded in public: kinesalite's tests (2013 to 2020) for the validator and the parser, moto's and the API Reference
 * for what came later.
 */

/** One constraint that a value breaks. */
export interface Fault {
  readonly path: string;
  /** As the service prints it; null for a member that is not there; undefined when the test cannot know. */
  readonly value: string | null | undefined;
  /** Of records and their data the service shows nothing (moto's tests, 2022). */
  readonly hidden?: boolean;
  readonly constraint: string;
}

/** What a call is answered with. */
export type Expected =
  | { readonly type: 'ValidationException'; readonly faults: readonly Fault[] }
  | { readonly type: string; readonly message?: string | RegExp }
  | null;

export const NOT_NULL = 'Member must not be null';
export const lengthAtLeast = (min: number) => `Member must have length greater than or equal to ${min}`;
export const lengthAtMost = (max: number) => `Member must have length less than or equal to ${max}`;
export const valueAtLeast = (min: number) => `Member must have value greater than or equal to ${min}`;
export const valueAtMost = (max: number) => `Member must have value less than or equal to ${max}`;
export const matching = (pattern: string) => `Member must satisfy regular expression pattern: ${pattern}`;
export const oneOf = (names: readonly string[]) => `Member must satisfy enum value set: [${names.join(', ')}]`;
export const eachMember = (constraints: readonly string[]) =>
  `Member must satisfy constraint: [${constraints.join(', ')}]`;
export const eachKey = (constraints: readonly string[]) =>
  `Map keys must satisfy constraint: [${constraints.join(', ')}]`;
export const eachValue = (constraints: readonly string[]) =>
  `Map value must satisfy constraint: [${constraints.join(', ')}]`;

/** The service reports no more at once. */
const FAULTS_MAX = 10;

const NUMBER = 'class com.amazon.coral.value.json.numbers.TruncatingBigNumber';
const TEXT = 'class java.lang.String';
const TRUTH = 'class java.lang.Boolean';
const LIST: readonly [unknown, string] = [[], 'Start of list found where not expected'];
const MAP: readonly [unknown, string] = [{}, 'Start of structure or map found where not expected.'];

/** For each type of the model, values of other types in JSON, and what the service's parser says of them. */
export const WRONG_TYPES: Readonly<Record<string, readonly (readonly [unknown, string])[]>> = {
  string: [
    [true, `${TRUTH} can not be converted to an String`],
    [23, `${NUMBER} can not be converted to an String`],
    [34.56, `${NUMBER} can not be converted to an String`],
    LIST,
    MAP,
  ],
  integer: [
    ['23', `${TEXT} can not be converted to an Integer`],
    [true, `${TRUTH} can not be converted to an Integer`],
    LIST,
    MAP,
  ],
  boolean: [
    ['23', "'23' can not be converted to an Boolean"],
    [-2147483648, `${NUMBER} can not be converted to an Boolean`],
    LIST,
    MAP,
  ],
  timestamp: [
    ['today', `${TEXT} can not be converted to milliseconds since epoch`],
    [true, `${TRUTH} can not be converted to milliseconds since epoch`],
    LIST,
    MAP,
  ],
  blob: [
    [true, `${TRUTH} can not be converted to a Blob`],
    [2147483648, `${NUMBER} can not be converted to a Blob`],
    LIST,
    MAP,
    [
      '23456',
      "'23456' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 5",
    ],
    ['=+/=', "'=+/=' can not be converted to a Blob: Invalid Base64 character: '='"],
    ['+/+=', "'+/+=' can not be converted to a Blob: Invalid last non-pad Base64 character dectected"],
  ],
  list: [['23', 'Expected list or null'], [true, 'Expected list or null'], [34.56, 'Expected list or null'], MAP],
  map: [['23', 'Expected map or null'], [true, 'Expected map or null'], [23, 'Expected map or null'], LIST],
  structure: [['23', 'Expected null'], [true, 'Expected null'], [-2147483648, 'Expected null'], LIST],
};

/**
 * Why a message is not the one for these faults; null when it is. In any order unless it was recorded: that of members
 * is not documented.
 */
export function mismatch(message: string, faults: readonly Fault[], isOrdered = false): string | null {
  const reported = faults.slice(0, FAULTS_MAX);
  const head = `${reported.length} validation error${reported.length === 1 ? '' : 's'} detected: `;
  if (!message.startsWith(head)) return `does not begin with "${head}"`;
  const left = reported.map(sentence);
  for (let rest = message.slice(head.length); left.length > 0; ) {
    const at = left.findIndex((one) => one.test(rest));
    if (at === -1 || (isOrdered && at > 0))
      return `none of ${left.join(' or ')} is what comes next: ${rest.slice(0, 500)}`;
    rest = rest.replace(left[at] ?? /^$/, '');
    left.splice(at, 1);
    if (left.length === 0 && rest !== '') return `goes on with ${rest.slice(0, 500)}`;
  }
  return null;
}

function sentence({ path, value, hidden, constraint }: Fault): RegExp {
  const quoted = value === undefined ? " '[^]*?'" : value === null ? ' null' : ` '${escaped(value)}'`;
  const shown = hidden === true ? '' : quoted;
  return new RegExp(
    `^Value${shown} at '${escaped(path)}' failed to satisfy constraint: ${escaped(constraint)}(?:; (?=Value )|$)`,
  );
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
