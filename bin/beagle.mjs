#!/usr/bin/env node
// Runs the compiled program, and compiles it first when a source file is newer.
import { existsSync } from 'node:fs';
import { build, isStale } from './build.mjs';

const entry = new URL('../dist/beagle.js', import.meta.url);
if (!existsSync(entry) || isStale()) await build();
await import(entry.href);
