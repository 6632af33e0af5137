import { relative } from 'node:path'

/** `9 min`, `40 s` */
export const formatTime = (seconds: number): string =>
  seconds >= 100 ? `${Math.round(seconds / 60)} min` : `${Math.ceil(seconds)} s`

/** A path as it is read from here. */
export const shownPath = (path: string): string => relative(process.cwd(), path) || path

/** One line for each file that was written. @param written paths by what they are called */
export function printPaths(written: Readonly<Record<string, string>>): void {
  for (const [what, path] of Object.entries(written)) console.log(`${what}: ${shownPath(path)}`)
}
