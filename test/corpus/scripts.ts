import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** How the requests of a script are ordered: one user after another, each user for itself (header `X-User`), or not at all. */
export type Order = 'exact' | 'user' | 'none'

/** A script of the corpus, with what the comments at its top say of how it is run and compared. */
export interface CorpusScript {
  /** `http/get`, from its path. */
  name: string
  path: string
  /** Flags of the command, the same for both: `// args: --vus 2`. */
  args: string[]
  /** Variables of the environment: `// env: K6_VUS=2`. */
  env: Record<string, string>
  /** `// order: none`. */
  order: Order
  /** What it writes to stdout is compared: `// stdout: compared`. */
  comparesStdout: boolean
  /** What it sends and receives is the same to the byte in every run: `// bytes: compared`. */
  comparesBytes: boolean
  /** Files that it writes, compared: `// files: out.json`. */
  files: string[]
  /** Needs an extension that stock k6 has not: it runs on weir only. `// k6: no` */
  isForWeirOnly: boolean
}

export const scriptsFolder = join(import.meta.dirname, 'scripts')

/** All scripts, by name. What stands in a folder `lib` or `files` is imported or opened by others. */
export function corpusScripts(): CorpusScript[] {
  return globSync('**/*.{js,ts}', { cwd: scriptsFolder })
    .filter((file) => !/(^|\/)(lib|files)\//.test(file))
    .sort()
    .map(readScript)
}

function readScript(file: string): CorpusScript {
  const path = join(scriptsFolder, file)
  const notes = new Map<string, string>()
  for (const [, key, value] of readFileSync(path, 'utf8').matchAll(
    /^\/\/ (args|env|order|stdout|bytes|files|k6): (.*)$/gm,
  ))
    notes.set(key!, value!.trim())
  const words = (key: string): string[] => notes.get(key)?.split(/\s+/) ?? []
  return {
    name: file.replace(/\.[jt]s$/, ''),
    path,
    args: words('args'),
    env: Object.fromEntries(words('env').map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string])),
    order: (notes.get('order') ?? 'exact') as Order,
    comparesStdout: notes.get('stdout') === 'compared',
    comparesBytes: notes.get('bytes') === 'compared',
    files: words('files'),
    isForWeirOnly: notes.get('k6') === 'no',
  }
}
