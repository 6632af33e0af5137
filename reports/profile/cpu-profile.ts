import { messageOf, UserError } from '../../harness/errors.ts'

/** What is read of V8's CPU profile of one thread, as Chrome's DevTools have it too (`.cpuprofile`). */
export interface CpuProfile {
  nodes: CpuNode[]
  /** Ids of nodes: where the thread was, sample by sample. */
  samples: number[]
  /** Microseconds between a sample and the one before it; of the first since the profile began. */
  timeDeltas: number[]
}

/** A function as it was called from the functions above it. */
export interface CpuNode {
  id: number
  /** `lineNumber` begins at 0, and is -1 where there is no source. */
  callFrame: { functionName: string; url: string; lineNumber: number }
  /** Ids. */
  children?: number[]
}

/** @param where the file, for messages @throws UserError where it is no CPU profile */
export function parseCpuProfile(text: string, where: string): CpuProfile {
  const profile = parseJson(text, where) as Partial<CpuProfile> | null
  const { nodes, samples, timeDeltas } = profile ?? {}
  if (Array.isArray(nodes) && Array.isArray(samples) && Array.isArray(timeDeltas) && nodes.every(isNode))
    return { nodes, samples, timeDeltas }
  throw new UserError(`${where} is no CPU profile: expected "nodes", "samples" and "timeDeltas", as V8 writes them`)
}

const isNode = ({ id, callFrame }: Partial<CpuNode>): boolean =>
  typeof id === 'number' && typeof callFrame?.functionName === 'string' && typeof callFrame.url === 'string'

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UserError(`${where} is not valid JSON (${messageOf(error)}): its writing was cut off`)
  }
}
