import type { LiveLine } from '../../../live/state.ts'
import { element, part } from './browser.ts'

/** Lines as the terminal has them, the newest at the bottom; who has scrolled up to read stays there. */
export function showLines(lines: readonly LiveLine[]): void {
  const log = part('lines')
  part('log').hidden = lines.length === 0
  const isAtEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - lineHeightPx
  log.replaceChildren(
    ...lines.map(({ text, isFault }) => element('span', isFault ? { className: 'bad' } : {}, `${text}\n`)),
  )
  if (isAtEnd) log.scrollTop = log.scrollHeight
}

const lineHeightPx = 24
