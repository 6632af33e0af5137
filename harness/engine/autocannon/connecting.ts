/**
 * How long opening so many connections takes at the most where nothing is slow, ms: it takes the generator 0.4 ms each, in which
 * nothing else happens. With TLS ten times that, of which the server has a part.
 */
export const usualConnectingMs = (connections: number, origin: string): number =>
  (origin.startsWith('https:') ? 1000 : 100) * Math.ceil(connections / 200)

/** Why nothing of a load may be used that began without some of its connections. @param missing their numbers, in order */
export function missingInWords(missing: readonly number[], connectingMs: number): string {
  const longer = `connecting: '${Math.ceil((2 * connectingMs) / 1000)}s'`
  return `${missing.length} connections (${rangesInWords(missing)}) were not open ${connectingMs / 1000} s after the start, when the measuring began, so nothing of this load may be used: it was one of fewer connections. Give them longer (${longer}), or see why the server is slow to accept them`
}

const mostRanges = 5

function rangesInWords(numbers: readonly number[]): string {
  const ranges: { from: number; to: number }[] = []
  for (const number of numbers) {
    const last = ranges.at(-1)
    if (last && last.to === number - 1) last.to = number
    else ranges.push({ from: number, to: number })
  }
  const told = ranges.slice(0, mostRanges).map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`))
  return [...told, ...(ranges.length > mostRanges ? ['and others'] : [])].join(', ')
}
