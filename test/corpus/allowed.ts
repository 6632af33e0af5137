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

export const allowed: readonly Allowed[] = [
  {
    script: 'errors/rejected',
    what: /^log /,
    why: 'an async function that rejects is told of like any other exception, without "Uncaught (in promise)"',
  },
  {
    script: 'exit-codes/unknown-flag',
    what: /^exit code$/,
    why: 'an unknown flag is an invalid configuration here (104); k6 ends with 255',
  },
  {
    script: 'http/failures',
    what: /garbage/,
    why: 'what is no HTTP is described in our own words; status, error code and counts are the same',
  },
  {
    script: 'http/headers',
    what: /\*\*\*\*/,
    why: 'k6 leaves the end of a password with escapes in the tags url and name; here all of it is hidden',
  },
  {
    script: 'http/request-compression',
    what: /^request [12] (headers|body)$/,
    why: 'zlib and Go pack the same bytes differently; what is unpacked is the same',
  },
  {
    script: 'setup-teardown/data',
    what: /^log 2$/,
    why: "what a user pushes to a list inside setup's data stays; k6 forgets it at once, and keeps all other changes",
  },
]
