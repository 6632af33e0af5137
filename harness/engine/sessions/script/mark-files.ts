import { dirname } from 'node:path'
import type MagicString from 'magic-string'
import type { SourcePlaces } from './places.ts'
import { helpersName } from './rewrite.ts'
import type { Names } from './scope.ts'
import type { Tree } from './syntax.ts'

/**
 * A bundle has forgotten where one file ends and the next begins; `open()` has to know. Says it at the first statement
 * of every file, in scripts that open files and are of several.
 */
export function markFiles(text: MagicString, tree: Tree, names: Names, places: SourcePlaces): void {
  if (!names.free.some(({ name }) => name === 'open')) return
  let before: string | null = null
  const marks: { at: number; folder: string }[] = []
  for (const { type, start } of tree.program.body) {
    if (type === 'ImportDeclaration' || type.startsWith('Export')) continue
    const file = places.ofOffset(tree.code, start)?.file
    if (file === undefined || dirname(file) === before) continue
    before = dirname(file)
    marks.push({ at: start, folder: before })
  }
  if (marks.length < 2) return
  for (const { at, folder } of marks) text.appendLeft(at, `${helpersName}.inFolder(${JSON.stringify(folder)});`)
}
