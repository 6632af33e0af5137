import type { CpuNode, CpuProfile } from '../../reports/profile/cpu-profile.ts'

/** `name file:line` from the outermost function on, and how many samples found the thread in the innermost. */
export type Stack = readonly [stack: readonly string[], samples: number]

const frameOf = (text: string): CpuNode['callFrame'] => {
  const [, functionName = '', url = '', line = '0'] = /^(\S*)(?: (.*?)(?::(\d+))?)?$/.exec(text) ?? []
  return { functionName, url, lineNumber: Number(line) - 1 }
}

/** The profile of a thread that was found in these stacks, a sample a millisecond. */
export function cpuProfile(stacks: readonly Stack[]): CpuProfile {
  const nodes: (CpuNode & { children: number[] })[] = [{ id: 1, callFrame: frameOf('(root)'), children: [] }]
  const samples: number[] = []
  for (const [stack, count] of stacks) {
    let node = nodes[0]!
    for (const text of stack) node = childOf(nodes, node, frameOf(text))
    samples.push(...Array.from({ length: count }, () => node.id))
  }
  return { nodes, samples, timeDeltas: samples.map(() => 1000) }
}

type Node = CpuNode & { children: number[] }

function childOf(nodes: Node[], parent: Node, callFrame: CpuNode['callFrame']): Node {
  const isIt = (each: Node) =>
    parent.children.includes(each.id) && JSON.stringify(each.callFrame) === JSON.stringify(callFrame)
  const known = nodes.find(isIt)
  if (known) return known
  const made = { id: nodes.length + 1, callFrame, children: [] }
  nodes.push(made)
  parent.children.push(made.id)
  return made
}
