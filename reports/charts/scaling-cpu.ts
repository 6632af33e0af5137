import { scaling } from './scaling.ts'

export const scalingCpu = scaling({
  id: 'scaling-cpu',
  question: 'What processor time does one more request cost?',
  help: 'CPU by operations a second while sessions become more. The line is Theil and Sen’s of each trial, averaged; its slope is the cost of a request (of what its session costs meanwhile, too, as both grow together), with Student’s t interval at 95% over the trials. Flatter is better.',
  missing: 'no usable trial in which the load made its sessions, and its operations a second, more',
  subject: 'CPU, share of a core, by operations a second',
  x: [
    { metric: 'throughput', stat: 'value' },
    { metric: 'http_reqs', stat: 'rate' },
    { metric: 'iterations', stat: 'rate' },
  ],
  axis: 'rate',
  y: () => [{ metric: 'target_cpu', stat: 'value' }],
  unit: 'share',
  cost: { label: 'per request', unit: 'ms', factor: 1000 },
})
