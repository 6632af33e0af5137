import { afterUpdate, type LiveState, type LiveUpdate } from '../../live/state.ts'
import { browser, part } from './live/browser.ts'
import { forgetCharts, showCharts } from './live/charts.ts'
import { listen } from './live/connection.ts'
import { announcer, showCourse, showHead } from './live/head.ts'
import { showLines } from './live/log.ts'
import { showReadings } from './live/readings.ts'
import { onThemeChange } from './theme.ts'

/** The script of the live page: keeps what the server knows, and shows it. */

let state: LiveState | null = null
let heardAtMs = 0
const announce = announcer()

const connection = listen({
  snapshot: (whole) => take(whole),
  update: (update) => state && take(afterUpdate(state, update), update),
  isConnected: (isSo) => {
    part('connection').hidden = isSo
    if (!isSo) announce('Connection lost, trying again')
  },
})

function take(next: LiveState, { lines }: Pick<LiveUpdate, 'lines'> = { lines: next.lines }): void {
  state = next
  heardAtMs = Date.now()
  showHead(next)
  showSeconds()
  if (lines && lines.length > 0) showLines(next.lines)
  announce(next.ending ? (part('trial').textContent ?? '') : (next.trial?.title ?? ''))
  if (next.ending) connection.stop()
}

function showSeconds(): void {
  if (!state) return
  showReadings(state.series)
  showCharts(state.series)
  if (!state.ending) showCourse(state.course, (Date.now() - heardAtMs) / 1000)
}

browser.setInterval(() => state && !state.ending && showCourse(state.course, (Date.now() - heardAtMs) / 1000), 1000)
browser.document.addEventListener('visibilitychange', showSeconds)
onThemeChange(() => {
  forgetCharts()
  showSeconds()
})
