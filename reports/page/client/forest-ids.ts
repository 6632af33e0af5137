/** Where the page's script puts the effects on the metric that is chosen, and where it is chosen. */
export const forestPlotId = 'forest-plot'
export const forestChoiceId = 'forest-choice'
