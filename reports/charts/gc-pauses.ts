import { overTime } from './over-time.ts'

export const gcPauses = overTime({
  id: 'gc-pauses',
  question: 'How long did it stand still for garbage collection?',
  help: 'Sum of the pauses in each second. Lower is better; what is spent here nobody is served in.',
  series: () => [{ metric: 'target_gc_pause', stat: 'value' }],
})
