import { overTime } from './over-time.ts'

export const dropped = overTime({
  id: 'dropped',
  question: 'When was work left undone?',
  help: 'Iterations that the load had to leave out in each second, since all of its users still waited for the server; the mean over the usable trials: above zero where a single one had any. Lower is better. While iterations are left out, the server is asked for less than was planned.',
  series: () => [{ metric: 'dropped_iterations', stat: 'rate' }],
  isOccurrence: true,
})
