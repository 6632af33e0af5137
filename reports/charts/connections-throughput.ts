import { formatValue } from '../format.ts'
import type { Chart } from './chart.ts'
import { againstConnections } from './connections.ts'

export const throughputByConnections: Chart = {
  id: 'connections-throughput',
  question: 'How much more comes of more connections?',
  help: 'Requests a second that were answered as expected, in a closed loop: geometric mean over blocks, with Student’s t interval at 95%. Higher is better. Where a line is flat, more connections only wait; its knee, dotted, is the first point within 5% of its maximum.',
  prepare: (view, { name }) => {
    const drawn = againstConnections(view, name, ({ throughput }) => throughput)
    if (!drawn) return null
    const { plan, variants } = view.saturation!
    return {
      ...drawn,
      unit: 'per second',
      subject: 'throughput against connections',
      table: {
        columns: plan.sweep.connections.map(String),
        rows: variants.map(({ variant, throughput }) => ({
          variant,
          cells: plan.sweep.connections.map((count) =>
            formatValue(throughput.find(({ connections }) => connections === count)?.estimate ?? null, 'per second'),
          ),
        })),
      },
    }
  },
}
