import { overTime } from './over-time.ts'

export const cpu = overTime({
  id: 'cpu',
  question: 'How busy did it keep the processor?',
  help: 'Share of one core; more than 100% is more than one core. For the same work, lower is better; a flat line at 100% is the limit of one thread.',
  series: () => [{ metric: 'target_cpu', stat: 'value' }],
})
