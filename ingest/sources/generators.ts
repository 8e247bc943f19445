import type { Generator } from '../world/activity.ts';
import { awsGenerator } from './aws/generate.ts';
import { githubGenerator } from './github/generate.ts';
import { oktaGenerator } from './okta/generate.ts';
import { slackGenerator } from './slack/generate.ts';

/** Every app that the synthetic company uses: one line an app. */
export const GENERATORS: readonly Generator[] = [awsGenerator, githubGenerator, oktaGenerator, slackGenerator];
