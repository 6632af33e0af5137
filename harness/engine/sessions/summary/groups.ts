import { createHash } from 'node:crypto'
import type { LoadResult } from '../../port.ts'

export interface SummaryCheck {
  name: string
  path: string
  id: string
  passes: number
  fails: number
}

export interface SummaryGroup {
  name: string
  path: string
  id: string
  groups: SummaryGroup[]
  checks: SummaryCheck[]
}

/** All groups that the load entered, in the order in which it did, with their checks. */
export function groupTree({ groups = [], checks }: LoadResult): SummaryGroup {
  const root = emptyGroup('', '')
  for (const path of groups) openGroup(root, path)
  for (const { name, path, passes, fails } of checks) {
    const group = openGroup(root, path.slice(0, path.length - name.length - 2))
    group.checks.push({ name, path, id: md5(path), passes, fails })
  }
  return root
}

function openGroup(root: SummaryGroup, path: string): SummaryGroup {
  let group = root
  for (const name of path.split('::').filter(Boolean)) {
    let inner = group.groups.find((other) => other.name === name)
    if (!inner) group.groups.push((inner = emptyGroup(name, `${group.path}::${name}`)))
    group = inner
  }
  return group
}

const emptyGroup = (name: string, path: string): SummaryGroup => ({ name, path, id: md5(path), groups: [], checks: [] })

/** k6 names groups and checks by the MD5 of their path. */
const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
