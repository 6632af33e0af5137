import { effectsOfRows } from '../../data/effect-rows.ts'
import { forestPlot } from '../../sections/forest-plot.ts'
import { compareTwoId } from '../../sections/variant-choice.ts'
import { page } from './browser.ts'
import type { PageData } from './data.ts'
import { forestChoiceId, forestPlotId } from './forest-ids.ts'

/** Shows the effects on the metric that a reader chooses. */
export function chooseForestMetric({ variants, effects = [] }: PageData): void {
  const [line, choice, plot] = [`${forestChoiceId}-line`, forestChoiceId, forestPlotId].map((id) =>
    page.document.getElementById(id),
  )
  if (!line || !choice || !plot || effects.length < 2) return
  line.hidden = false
  const named = { names: variants, areChoices: page.document.getElementById(compareTwoId) !== null }
  choice.addEventListener('change', () => {
    const metric = effects[Number(choice.value)]
    // Escaped, as all that `html` makes is.
    if (metric) plot.innerHTML = forestPlot(effectsOfRows(metric), named).markup
  })
}
