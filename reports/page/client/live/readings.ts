import { formatValue } from '../../../format.ts'
import { liveFigures } from '../../../live/figures.ts'
import type { LiveSeries } from '../../../live/state.ts'
import { element, part } from './browser.ts'

/** The number of the newest second of each series. */
export function showReadings(series: readonly LiveSeries[]): void {
  part('now').hidden = series.length === 0
  const shown = liveFigures.flatMap(({ id }) => series.filter(({ figure }) => figure === id))
  part('readings').replaceChildren(
    ...shown.map(({ subject, line, unit, points }) =>
      element(
        'div',
        {},
        element('dt', {}, [subject, line].filter(Boolean).join(', ')),
        element('dd', {}, formatValue(points.at(-1)?.[1], unit)),
      ),
    ),
  )
}
