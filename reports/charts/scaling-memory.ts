import { scaling } from './scaling.ts'

export const scalingMemory = scaling({
  id: 'scaling-memory',
  question: 'What memory does one more session cost?',
  help: 'Memory of the server while sessions become more. The line is Theil and Sen’s of each trial, averaged; its slope is the cost of a session, with Student’s t interval at 95% over the trials. Flatter is better.',
  missing: 'no usable trial in which the load made its sessions more',
  subject: 'Memory (RSS) by sessions open',
  x: null,
  axis: 'count',
  y: () => [{ metric: 'target_rss', stat: 'value' }],
  unit: 'MB',
  cost: { label: 'per session', unit: 'KB', factor: 1000 },
})
