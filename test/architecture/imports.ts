import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import ts from 'typescript'

/** One import: both ends as paths from the root; a package or a `node:` module stays as it is written. */
export interface Import {
  from: string
  to: string
}

export interface SourceFile {
  /** From the root of the repository, with `/`. */
  path: string
  text: string
}

/** The repository's own code: all `.ts` and `.mjs` files under these folders. */
export function readSources(root: string, folders: readonly string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ts|mjs)$/.test(name))
      .map((name) => join(folder, name).replaceAll('\\', '/'))
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })),
  )
}

/** Static, type, dynamic and re-exporting imports, and files that are named by `import.meta` to be run elsewhere. */
export function importsOf({ path, text }: SourceFile): Import[] {
  const imported = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName)
  const named = [...text.matchAll(namedByImportMeta)].map((match) => match[1] ?? match[2] ?? '')
  return [...imported, ...named].map((specifier) => ({ from: path, to: targetOf(path, specifier) }))
}

const namedByImportMeta =
  /import\.meta\.resolve\(\s*'([^']+)'|new URL\(\s*'(\.[^']+)'\s*,\s*import\.meta\.(?:url|filename)/g

const targetOf = (path: string, specifier: string): string =>
  specifier.startsWith('.') ? normalize(join(dirname(path), specifier)) : specifier
