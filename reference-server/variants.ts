import type { Parts } from './parts.ts'

/** Every optimisation at once: what each other variant is compared with. */
const optimized = {
  admission: 'bounded',
  state: 'snapshot',
  knowledge: 'pooled',
  upstream: 'pooled',
  delivery: 'one-shot',
  contextUpdate: 'background',
  writes: 'batched',
  databasePool: 'wide',
  sessionIndex: 'partial',
} satisfies Parts

/** The named configurations of the gateway. Each ablation undoes one optimisation, so that its worth can be measured. */
export const variants = {
  optimized,
  polling: { ...optimized, delivery: 'polling' },
  'unbounded-admission': { ...optimized, admission: 'unbounded' },
  'inline-context': { ...optimized, contextUpdate: 'inline' },
  'per-call-client': { ...optimized, upstream: 'per-call' },
  'per-call-knowledge-client': { ...optimized, knowledge: 'per-call' },
  mutex: { ...optimized, state: 'mutex' },
} satisfies Record<string, Parts>

export type VariantName = keyof typeof variants

export const variantNames = Object.keys(variants) as VariantName[]

export const isVariantName = (name: string): name is VariantName => Object.hasOwn(variants, name)
