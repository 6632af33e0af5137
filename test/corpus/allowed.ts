/**
 * Differences from real k6 that stay. Each is told to users in docs/k6-differences.md; the test of equivalence fails for
 * one that is no longer there.
 */
export interface Allowed {
  /** A script of the corpus. */
  script: string
  /** What differs, as compare.ts names it. */
  what: RegExp
  why: string
}

export const allowed: readonly Allowed[] = []
