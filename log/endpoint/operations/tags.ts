import type {
  AddTagsToStreamInput,
  ListTagsForResourceInput,
  ListTagsForResourceOutput,
  ListTagsForStreamInput,
  ListTagsForStreamOutput,
  RemoveTagsFromStreamInput,
  Tag,
  TagResourceInput,
  UntagResourceInput,
} from '@aws-sdk/client-kinesis';
import type { Operation } from '../operation.ts';
import type { Context } from './context.ts';
import { demandResource } from './resource.ts';
import { changeStream, checkActive, demandStream, titleOf, updateDocument } from './stream.ts';
import { checkReadable, checkTags } from './tag-rules.ts';

type Tags = Readonly<Record<string, string>>;

export function createAddTagsToStream(context: Context): Operation<AddTagsToStreamInput, object> {
  return async (input, call) => {
    await changeStream(context, call, input, (stream, streams) => {
      checkActive(call, stream);
      updateDocument(streams, stream, { tags: added(stream.document.tags, input.Tags, titleOf(call, stream.name)) });
    });
    return {};
  };
}

export function createRemoveTagsFromStream(context: Context): Operation<RemoveTagsFromStreamInput, object> {
  return async (input, call) => {
    await changeStream(context, call, input, (stream, streams) => {
      checkActive(call, stream);
      updateDocument(streams, stream, { tags: removed(stream.document.tags, input.TagKeys) });
    });
    return {};
  };
}

export function createListTagsForStream(context: Context): Operation<ListTagsForStreamInput, ListTagsForStreamOutput> {
  return async (input, call) => {
    const { ExclusiveStartTagKey, Limit } = input;
    const { document } = demandStream(context, call, input);
    const left = listed(document.tags).filter(
      ({ Key = '' }) => ExclusiveStartTagKey === undefined || Key > ExclusiveStartTagKey,
    );
    const given = Limit === undefined ? left : left.slice(0, Limit);
    return { Tags: given, HasMoreTags: given.length < left.length };
  };
}

export function createTagResource(context: Context): Operation<TagResourceInput, object> {
  return async (input, call) => {
    await context.log.change((streams) => {
      const resource = demandResource(context, call, input, streams);
      checkActive(call, resource.stream);
      resource.update(streams, { tags: added(resource.members.tags, input.Tags, resource.title) });
    });
    return {};
  };
}

export function createUntagResource(context: Context): Operation<UntagResourceInput, object> {
  return async (input, call) => {
    await context.log.change((streams) => {
      const resource = demandResource(context, call, input, streams);
      checkActive(call, resource.stream);
      resource.update(streams, { tags: removed(resource.members.tags, input.TagKeys) });
    });
    return {};
  };
}

export function createListTagsForResource(
  context: Context,
): Operation<ListTagsForResourceInput, ListTagsForResourceOutput> {
  return async (input, call) => ({ Tags: listed(demandResource(context, call, input).members.tags) });
}

function added(known: Tags = {}, tags: Tags = {}, resource = ''): Tags {
  checkTags(tags, known, resource);
  return { ...known, ...tags };
}

function removed(known: Tags = {}, keys: readonly string[] = []): Tags {
  checkReadable(keys);
  return Object.fromEntries(Object.entries(known).filter(([key]) => !keys.includes(key)));
}

function listed(tags: Tags = {}): Tag[] {
  return Object.entries(tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([Key, Value]) => ({ Key, Value }));
}
