import type { CpuNode } from './cpu-profile.ts'

/** own: of the program itself; package: of what it installed; node: of Node; engine: of V8, or native. */
export type FrameKind = 'own' | 'package' | 'node' | 'engine'

/** A function, named such that it is the same one in another checkout of the same code, whatever was put above it. */
export interface Place {
  name: string
  /** Relative to the folder that the program was started in; `node_modules/...` and `node:...` are the same everywhere. */
  file: string
  kind: FrameKind
}

/** Of a frame of a profile. @param root absolute path of the folder that the program was started in */
export function placeOf({ functionName, url }: CpuNode['callFrame'], root: string): Place {
  const name = functionName === '' ? '(anonymous)' : functionName
  if (url === '') return { name, file: '', kind: 'engine' }
  if (url.startsWith('node:')) return { name, file: url, kind: 'node' }
  const path = pathOf(url)
  const installed = path.lastIndexOf('/node_modules/')
  if (installed >= 0) return { name, file: path.slice(installed + 1), kind: 'package' }
  return { name, file: relative(root, path), kind: 'own' }
}

/** Tells functions apart. */
export const keyOf = ({ name, file }: Place): string => `${name}\n${file}`

/** `file:///srv/a%20b/main.ts?x=1` is `/srv/a b/main.ts`. */
function pathOf(url: string): string {
  const path = url.replace(/^file:\/\//, '').replace(/[?#].*$/, '')
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function relative(root: string, path: string): string {
  if (!path.startsWith('/')) return path
  const [from, to] = [root, path].map((each) => each.split('/').filter(Boolean)) as [string[], string[]]
  const differs = from.findIndex((part, at) => part !== to[at])
  const same = differs < 0 ? from.length : differs
  // Nothing in common: it lies elsewhere, and is better told in full.
  if (same === 0) return path
  return [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/')
}
