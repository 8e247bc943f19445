import type { z } from 'zod';

export type QuickCheck = (value: unknown) => boolean;

const NEVER: QuickCheck = () => false;

/**
 * A check that only says yes to what `schema` accepts and hands on as it is (an object may have more members than the
 * schema names, which the schema would leave out). A no means nothing: ask the schema. For values as JSON.parse gives
 * them. Parsing an event with its schema and copying it so took a seventh of a worker's time.
 */
export function quickCheck(schema: z.core.$ZodType): QuickCheck {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'unknown':
      return () => true;
    case 'string':
      return stringCheck(def);
    case 'number':
      return isPlain(def) ? Number.isFinite : NEVER;
    case 'boolean':
      return isPlain(def) ? (value) => typeof value === 'boolean' : NEVER;
    case 'optional': {
      const inner = quickCheck(def.innerType);
      return (value) => value === undefined || inner(value);
    }
    case 'nullable': {
      const inner = quickCheck(def.innerType);
      return (value) => value === null || inner(value);
    }
    case 'union':
      return isPlain(def) ? unionCheck(def.options.map(quickCheck)) : NEVER;
    case 'object':
      return isPlain(def) ? objectCheck(def) : NEVER;
    case 'pipe':
      return isPlain(def) ? pipeCheck(def) : NEVER;
    default:
      return NEVER;
  }
}

/** Without checks of its own (lengths, formats, refinements) and without coercion. */
function isPlain(def: { readonly checks?: readonly unknown[] | undefined; readonly coerce?: boolean }): boolean {
  return (def.checks ?? []).length === 0 && def.coerce !== true;
}

/** A string of any length, or of at least so many UTF-16 units. */
function stringCheck({ checks = [], coerce, ...others }: z.core.$ZodStringDef): QuickCheck {
  if (coerce === true || 'format' in others) return NEVER;
  let least = 0;
  for (const check of checks) {
    const { def } = check._zod as { readonly def: { readonly check: string; readonly minimum?: number } };
    if (def.check !== 'min_length') return NEVER;
    least = Math.max(least, def.minimum ?? 0);
  }
  return (value) => typeof value === 'string' && value.length >= least;
}

function unionCheck(options: readonly QuickCheck[]): QuickCheck {
  return (value) => options.some((option) => option(value));
}

function objectCheck({ shape, catchall }: z.core.$ZodObjectDef): QuickCheck {
  if (catchall !== undefined) return NEVER;
  const names = Object.keys(shape);
  const checks = names.map((name) => quickCheck(shape[name] as z.core.$ZodType));
  // Most of what a schema names is not there.
  const mayMiss = checks.map((check) => check(undefined));
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    for (let i = 0; i < names.length; i++) {
      const member = (value as Record<string, unknown>)[names[i] as string];
      if (!(member === undefined ? mayMiss[i] : (checks[i] as QuickCheck)(member))) return false;
    }
    return true;
  };
}

/** What a transformation leaves as it is can go to the schema behind it. */
function pipeCheck({ in: first, out }: z.core.$ZodPipeDef): QuickCheck {
  const { def } = (first as z.core.$ZodTypes)._zod;
  if (def.type !== 'transform') return NEVER;
  const { transform } = def;
  const inner = quickCheck(out);
  return (value) => transform(value, { value, issues: [] }) === value && inner(value);
}
