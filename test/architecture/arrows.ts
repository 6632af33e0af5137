import type { Import, SourceFile } from './imports.ts'

/**
 * What a part of the repository may import. Both ends are paths from the root: a folder (ending in `/`) or a file;
 * the rule with the longest `part` that fits holds for a file. A part may always import itself; what has no rule may
 * import nothing, so that whoever adds a folder says here where it stands.
 */
export interface Arrow {
  part: string
  mayImport: readonly string[]
  /** Modules of Node and packages; `any`, or just these. */
  outside: 'any' | readonly string[]
}

const ground = ['harness/errors.ts', 'harness/exit-codes.ts', 'harness/nearest.ts', 'harness/parsed-by.ts']
const measured = [...ground, 'harness/metrics/', 'harness/record/schema.ts']

/** `cli -> commands -> campaign -> trial -> {target, engine, record}`; what comes after the records reads nothing else. */
export const arrows: readonly Arrow[] = [
  ...[
    'errors',
    'exit-codes',
    'nearest',
    'parsed-by',
    'clock',
    'random',
    'placeholders',
    'schedule',
    'limits',
    'warnings',
  ].map(
    (name): Arrow => ({
      part: `harness/${name}.ts`,
      mayImport: [...ground, 'harness/metrics/', 'harness/random.ts', 'harness/placeholders.ts'],
      outside: 'any',
    }),
  ),
  {
    part: 'harness/config.ts',
    mayImport: [...ground, 'harness/metrics/', 'harness/placeholders.ts', 'harness/config/'],
    outside: 'any',
  },
  {
    part: 'harness/config/',
    mayImport: [...ground, 'harness/metrics/', 'harness/record/schema.ts'],
    outside: ['zod'],
  },
  { part: 'harness/metrics/', mayImport: ground, outside: ['fflate', 'hdr-histogram-js'] },
  { part: 'harness/record/', mayImport: [...ground, 'harness/metrics/'], outside: 'any' },
  { part: 'harness/compare/', mayImport: [...measured, 'harness/random.ts'], outside: ['hdr-histogram-js'] },
  { part: 'harness/gate/', mayImport: [...measured, 'harness/compare/'], outside: ['hdr-histogram-js'] },
  { part: 'harness/target/', mayImport: [...ground, 'harness/clock.ts', 'harness/record/schema.ts'], outside: 'any' },
  {
    part: 'harness/profile/',
    mayImport: [...ground, 'harness/clock.ts', 'harness/record/schema.ts', 'harness/target/'],
    outside: 'any',
  },
  {
    part: 'harness/engine/',
    mayImport: [...measured, 'harness/clock.ts', 'harness/random.ts'],
    outside: 'any',
  },
  {
    part: 'harness/observe/',
    mayImport: [...measured, 'harness/engine/port.ts', 'harness/target/port.ts'],
    outside: ['hdr-histogram-js'],
  },
  {
    part: 'harness/calibrate/',
    mayImport: [
      ...measured,
      ...['clock', 'random'].map((name) => `harness/${name}.ts`),
      ...['engine/', 'observe/', 'target/'].map((name) => `harness/${name}`),
    ],
    outside: 'any',
  },
  {
    part: 'harness/target-watch.ts',
    mayImport: [...measured, 'harness/clock.ts', 'harness/config.ts', 'harness/observe/', 'harness/target/'],
    outside: 'any',
  },
  {
    part: 'harness/trial.ts',
    mayImport: [
      ...measured,
      ...['clock', 'target-watch'].map((name) => `harness/${name}.ts`),
      ...['engine/port.ts', 'observe/', 'profile/port.ts', 'target/', 'trial/'].map((name) => `harness/${name}`),
    ],
    outside: [],
  },
  {
    part: 'harness/trial/',
    mayImport: [
      ...measured,
      ...['clock', 'config', 'placeholders'].map((name) => `harness/${name}.ts`),
      ...['engine/port.ts', 'observe/', 'profile/port.ts', 'target/'].map((name) => `harness/${name}`),
    ],
    outside: 'any',
  },
  {
    part: 'harness/campaign.ts',
    mayImport: [
      ...measured,
      ...['clock', 'config', 'limits', 'schedule', 'trial'].map((name) => `harness/${name}.ts`),
      ...['campaign/', 'config/', 'engine/port.ts', 'record/', 'target/', 'trial/'].map((name) => `harness/${name}`),
    ],
    outside: 'any',
  },
  {
    part: 'harness/campaign/',
    mayImport: [
      ...measured,
      // For the words in which its statistics, which are handed in, speak to it.
      'harness/compare/scenario-states.ts',
      ...['clock', 'config', 'limits', 'placeholders', 'schedule', 'trial'].map((name) => `harness/${name}.ts`),
      ...['config/', 'engine/port.ts', 'profile/port.ts', 'record/', 'target/', 'trial/'].map(
        (name) => `harness/${name}`,
      ),
    ],
    outside: 'any',
  },
  { part: 'harness/commands/', mayImport: ['harness/', 'reports/'], outside: 'any' },
  { part: 'harness/cli.ts', mayImport: [...ground, 'harness/commands/'], outside: ['node:module'] },
  {
    part: 'reports/',
    mayImport: [...measured, 'harness/compare/', 'harness/gate/'],
    outside: ['chart.js', 'hdr-histogram-js'],
  },
  // The page's own style and script are bundled, its content policy names their hashes: no more of the outside than that.
  {
    part: 'reports/page/',
    mayImport: ['reports/', 'harness/metrics/', 'harness/record/schema.ts', 'harness/compare/'],
    outside: ['chart.js', 'esbuild', 'node:url', 'node:crypto', 'node:zlib'],
  },
  { part: 'reference-server/', mayImport: [], outside: 'any' },
  { part: 'scenarios/', mayImport: [], outside: ['k6', 'k6/'] },
  // Suites measure what the server is made of.
  { part: 'scenarios/micro/', mayImport: ['reference-server/'], outside: 'any' },
  // What is run with the scripts is plain data, and no script itself.
  { part: 'scenarios/campaigns/', mayImport: [], outside: [] },
]

/** One line for each import that goes against the arrows: `harness/compare/a.ts imports harness/clock.ts`. */
export const forbidden = (imports: readonly Import[], table: readonly Arrow[] = arrows): string[] =>
  imports.filter((each) => !isAllowed(each, table)).map(({ from, to }) => `${from} imports ${to}`)

function isAllowed({ from, to }: Import, table: readonly Arrow[]): boolean {
  const arrow = arrowOf(from, table)
  if (!arrow) return false
  if (isOwn(to)) return [arrow.part, ...arrow.mayImport].some((part) => covers(part, to))
  return arrow.outside === 'any' || arrow.outside.some((name) => covers(name, to))
}

const isOwn = (path: string): boolean =>
  /^(harness|reports|reference-server|scenarios|test|weir\.config\.ts|\.\.)(\/|$)/.test(path)

const arrowOf = (path: string, table: readonly Arrow[]): Arrow | undefined =>
  table.filter(({ part }) => covers(part, path)).sort((a, b) => b.part.length - a.part.length)[0]

const covers = (part: string, path: string): boolean => (part.endsWith('/') ? path.startsWith(part) : path === part)

/** The folder or file right under `harness/` that a path belongs to; null for what is elsewhere. */
const unitOf = (path: string): string | null => /^harness\/[^/]+/.exec(path)?.[0] ?? null

/** The first circle among the folders and files right under `harness/`, as `a -> b -> a`; null where there is none. */
export function circleOf(imports: readonly Import[]): string | null {
  const graph = new Map<string, Set<string>>()
  for (const { from, to } of imports) {
    const [source, target] = [unitOf(from), unitOf(to)]
    if (source === null || target === null || source === target) continue
    graph.set(source, (graph.get(source) ?? new Set()).add(target))
  }
  const done = new Set<string>()
  for (const unit of graph.keys()) {
    const circle = walk(unit, [], graph, done)
    if (circle) return circle.join(' -> ')
  }
  return null
}

function walk(unit: string, path: string[], graph: Map<string, Set<string>>, done: Set<string>): string[] | null {
  if (path.includes(unit)) return [...path.slice(path.indexOf(unit)), unit]
  if (done.has(unit)) return null
  for (const next of graph.get(unit) ?? []) {
    const circle = walk(next, [...path, unit], graph, done)
    if (circle) return circle
  }
  done.add(unit)
  return null
}

/** Lines of the harness that speak of the server that it happens to measure. */
export const mentionsOfTheServer = (sources: readonly SourceFile[]): string[] =>
  sources
    .filter(({ path }) => path.startsWith('harness/'))
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, at) => (/gateway|reference.?server/i.test(line) ? [`${path}:${at + 1}: ${line.trim()}`] : [])),
    )
