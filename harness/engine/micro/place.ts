import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import { messageOf } from '../../errors.ts'

/** ` (/home/me/suite.ts:12:5)`: where an error was thrown, outside of Node and packages; empty where that is not known. */
export function placeIn(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const places = [...stack.matchAll(/\(?((?:file:\/\/)?\/[^\s()]+:\d+(?::\d+)?)\)?$/gm)].map(([, place]) =>
    asPath(place!),
  )
  const own = places.find((place) => isAbsolute(place) && !place.includes('/node_modules/'))
  return own === undefined ? '' : ` (${own})`
}

/** What a task threw, as weir says it. */
export const whatWasThrown = (file: string, task: string, error: unknown): string =>
  `${file}: task "${task}" threw: ${messageOf(error)}${placeIn(error)}`

function asPath(place: string): string {
  if (!place.startsWith('file://')) return place
  const [, url, position] = /^(.*?)((?::\d+){1,2})$/.exec(place)!
  return fileURLToPath(url!) + position
}
