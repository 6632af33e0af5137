/**
 * Reads what `perf stat -x,` prints: a line an event, comma-separated:
 *
 *   123456789,,instructions:u,98765432,100.00,,          value, unit, event, time running, share of time running, ...
 *   <not supported>,,instructions:u,0,100.00,,           the CPU (often: the virtual machine) has no such counter
 *   <not counted>,,instructions:u,0,0.00,,               the processes never ran
 *   34567,,cpu_core/instructions:u/,...                  CPUs with two kinds of cores: a line a kind
 *
 * Anything else is talk, or an error when there is no such line at all.
 */
export function parsePerfStat(text: string): { count: number } | { unavailable: string } {
  const values = text.split('\n').flatMap((line) => eventLine.exec(line.trim())?.[1] ?? [])
  const counts = values.map(Number).filter(Number.isFinite)
  if (counts.length > 0) return { count: counts.reduce((sum, count) => sum + count, 0) }
  return { unavailable: `instructions are not counted: ${reason(text, values[0])}` }
}

const eventLine = /^(\d+(?:\.\d+)?|<not supported>|<not counted>),/

function reason(text: string, value: string | undefined): string {
  if (value === '<not supported>')
    return 'this CPU gives no counters to us; virtual machines often hide them (enable the virtual PMU, or use a bare machine)'
  if (value === '<not counted>') return 'the processes did not run while perf watched'
  if (/paranoid|permission|not permitted|access to performance/i.test(text))
    return 'perf is not allowed to; as root: sysctl kernel.perf_event_paranoid=2'
  return `perf failed: ${text.trim().split('\n')[0] || 'it printed nothing'}`
}
