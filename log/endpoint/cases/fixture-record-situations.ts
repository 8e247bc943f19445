import type { ApiCase } from './fixture-generated.ts';
import { ACCOUNT, consumerArnOf, streamNotFound } from './fixture-inputs.ts';
import { hex, invalid, notFound, refusal } from './fixture-refusals.ts';
import type { Expected } from './fixture-wording.ts';

// What is wrong with records and tags when the stream is there.

const HASH_KEYS = 'Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ';

export function ofRecords(): ApiCase[] {
  const beyond = (2n ** 128n).toString();
  const record = { PartitionKey: 'a', Data: '' };
  const put = (name: string, members: object, expected: Expected): ApiCase => ({
    operation: 'PutRecord',
    kind: 'bad argument',
    name,
    input: { StreamName: 'present', ...record, ...members },
    expected,
  });
  const puts = (name: string, Records: readonly object[], expected: Expected): ApiCase => ({
    operation: 'PutRecords',
    kind: 'bad argument',
    name,
    input: { StreamName: 'present', Records },
    expected,
  });
  const Data = Buffer.alloc(1_048_576).toString('base64');
  const tooLong = refusal(
    'ValidationException',
    /'data' failed .*: Member must have length less than or equal to 1048576$/,
  );
  const order: readonly [string, string][] = [
    ['a version 0', '20000000000000000000000000000000000000000000000'],
    ['a version 4', '20000000000000000000000000000000000000000000004'],
    ['3 at its head', '30000000000000000000000000000000000000000000001'],
    ['1 at its head', '1ffffffffff7fffffffffffffff000000000007fffffff2'],
    ['a negative counter', '20000000000800000000000000000000000000000000002'],
    ['a time to come', '20000000000000000000000000000007fffffff000000002'.slice(0, 47)],
  ];
  return [
    put('a hash key beyond the last', { ExplicitHashKey: beyond }, invalid(HASH_KEYS + beyond)),
    puts('a hash key beyond the last', [{ ...record, ExplicitHashKey: beyond }, record], invalid(HASH_KEYS + beyond)),
    put('data and key larger than a record may be', { Data }, tooLong),
    puts(
      'data and key larger than a record may be',
      [record, { ...record, Data }],
      refusal(
        'ValidationException',
        /'records\.2\.member\.data' failed .*: Member must have length less than or equal to 1048576$/,
      ),
    ),
    ...order.map(([name, digits]) =>
      put(
        `SequenceNumberForOrdering with ${name}`,
        { SequenceNumberForOrdering: hex(digits) },
        invalid(
          `ExclusiveMinimumSequenceNumber ${hex(digits)} used in PutRecord on stream present under account ${ACCOUNT} is invalid.`,
        ),
      ),
    ),
    put('an empty record', {}, null),
    put('the last hash key', { ExplicitHashKey: (2n ** 128n - 1n).toString() }, null),
    puts('empty records', [record, record], null),
  ];
}

const BAD_CHARACTERS =
  'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.';

export function ofTags(): ApiCase[] {
  const kind = 'bad argument';
  const characters = [';', '\t', '\n', ',', '#', '*'].flatMap((character): ApiCase[] => {
    const name = `${JSON.stringify(character)} in a tag`;
    const [text, expected] = [`abc${character}def`, invalid(BAD_CHARACTERS)];
    const one = { kind, name, expected };
    return [
      { ...one, operation: 'AddTagsToStream', input: { StreamName: 'present', Tags: { [text]: '1' } } },
      { ...one, operation: 'AddTagsToStream', input: { StreamName: 'present', Tags: { a: text } } },
      { ...one, operation: 'RemoveTagsFromStream', input: { StreamName: 'present', TagKeys: [text] } },
    ];
  });
  const add = (name: string, Tags: object, expected: Expected, StreamName = 'present'): ApiCase => ({
    operation: 'AddTagsToStream',
    kind,
    name,
    input: { StreamName, Tags },
    expected,
  });
  return [
    ...characters,
    add('every character that is allowed', { 'ü0 _.': 'a', '/=+-@:': 'ü0 _./=+-@:' }, null),
    add('more than 50', { another: '' }, invalid(/cannot have more than 50 tags associated with it/), 'split'),
    add('50, one of them known', { k0: 'changed' }, null, 'split'),
    add('a key of AWS', { 'aws:a': '' }, invalid()),
    {
      operation: 'RemoveTagsFromStream',
      kind,
      name: 'tags that are not there',
      input: { StreamName: 'present', TagKeys: ['b', 'c'] },
      expected: null,
    },
    {
      operation: 'RemoveTagsFromStream',
      kind: 'unknown resource',
      name: 'before what is wrong with the tags',
      input: { StreamName: 'absent', TagKeys: [';'] },
      expected: streamNotFound('absent'),
    },
    ...['TagResource', 'UntagResource', 'ListTagsForResource'].map((operation) => ({
      operation,
      kind: 'unknown resource',
      name: 'a consumer that is not there',
      input: { ResourceARN: consumerArnOf('present'), ...tagsOf(operation) },
      expected: notFound(),
    })),
  ];
}

const tagsOf = (operation: string) =>
  operation === 'TagResource' ? { Tags: { a: 'b' } } : operation === 'UntagResource' ? { TagKeys: ['a'] } : {};
