import type { Source } from '../../core/index.ts';
import { aws } from './aws/source.ts';
import { github } from './github/source.ts';
import { okta } from './okta/source.ts';
import { slack } from './slack/source.ts';

/** Every app that Beagle reads, by name: one line an app. */
export const SOURCES: ReadonlyMap<string, Source> = new Map(
  [aws, github, okta, slack].map((source) => [source.app, source]),
);
