import { latencies } from './latency-over-time.ts'
import { scaling } from './scaling.ts'

export const scalingLatency = scaling({
  id: 'scaling-latency',
  question: 'Does the typical wait grow with the sessions?',
  help: 'The median wait of each second while sessions become more. The line is Theil and Sen’s of each trial, averaged; its slope is given for a thousand sessions, with Student’s t interval at 95% over the trials. Level is better.',
  missing: 'no usable trial in which the load made its sessions more',
  subject: 'Latency p50 by sessions open',
  x: null,
  axis: 'count',
  y: (scenario) => latencies(scenario, 'p(50)'),
  unit: 'ms',
  cost: { label: 'per 1,000 sessions', unit: 'ms', factor: 1000 },
})
