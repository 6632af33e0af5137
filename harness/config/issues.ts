import { z } from 'zod'
import { campaign } from './campaigns.ts'
import { claim } from './claims.ts'
import { gate, gatedScenario, weighedMetric } from './gates.ts'
import { launched, service, taskOnly } from './processes.ts'
import { scenario } from './scenarios.ts'
import { schema } from './schema.ts'

type Issue = z.core.$ZodIssue

/** What is wrong with a config, as one line for each wrong key: file, key, what was expected. */
export function describeIssue(issue: Issue, file: string): string {
  // Of a union, the branch that fits best tells most.
  if (issue.code === 'invalid_union') {
    const [branch = []] = [...issue.errors].sort((a, b) => severity(a) - severity(b) || a.length - b.length)
    // A key that does not exist is why another one is missing.
    const best = branch.find(({ code }) => code === 'unrecognized_keys') ?? branch[0]
    if (best) return describeIssue({ ...best, path: [...issue.path, ...best.path] } as Issue, file)
  }
  // What is wrong with the name of a key is said by the checks of names.
  if (issue.code === 'invalid_key' && issue.issues[0])
    return describeIssue({ ...issue.issues[0], path: issue.path } as Issue, file)
  const path = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${file}: ${describeStranger(key, issue)}`).join('\n')
  return `${file}: ${path === '' ? 'the config' : `key "${path}"`}: ${issue.message}`
}

function describeStranger(key: string, { path, keys, input }: z.core.$ZodIssueUnrecognizedKeys): string {
  const known = keysAt(path)
  const title = `key "${[...path, key].join('.')}"`
  // Of two forms (`command` or `url`, `http` or `tcp`) the keys of one are strangers in the other.
  if (known.includes(key)) {
    const others = Object.keys(input ?? {}).filter((other) => !keys.includes(other))
    return `${title} cannot stand beside ${others.map((other) => `"${other}"`).join(', ')}`
  }
  return `${title} does not exist${known.length > 0 ? `. It is one of: ${known.join(', ')}` : ''}`
}

/** An unknown key in an otherwise fitting object says more than a missing one. */
const severity = (issues: Issue[]): number => issues.filter(({ code }) => code !== 'unrecognized_keys').length

const keysOfShape = (shape: unknown): string[] => (shape instanceof z.ZodObject ? Object.keys(shape.shape) : [])

const readyKeys = ['http', 'tcp', 'timeout']

/** Keys that exist in a section, by the inner key under which they stand ('' for the section's own rows). */
const keysOfSection: Record<string, Record<string, string[]>> = {
  variants: { '': [...new Set([...keysOfShape(launched), 'url', ...keysOfShape(taskOnly)])], ready: readyKeys },
  services: { '': keysOfShape(service), ready: readyKeys },
  scenarios: {
    '': keysOfShape(scenario),
    quick: ['env', 'options'],
    pairs: ['env', 'options', 'slices'],
    target: ['env', 'cores'],
  },
  needs: { '': ['executable', 'in', 'cores', 'advice'] },
  campaigns: { '': keysOfShape(campaign), quick: ['blocks'], ablation: ['together', 'of'], claims: keysOfShape(claim) },
  gates: { '': keysOfShape(gate), scenarios: keysOfShape(gatedScenario), power: ['effect', 'atLeast'] },
}

function keysAt(path: PropertyKey[]): string[] {
  const [section, row, inner, , claimed, kind] = path.map(String)
  if (section === undefined) return keysOfShape(schema)
  if (section === 'gates' && claimed === 'metrics') return keysOfShape(weighedMetric)
  if (section === 'warmup') return row === 'quick' ? ['env'] : ['script', 'env', 'quick']
  if (kind !== undefined) return ['atLeast', 'atMost', 'above', 'below', 'from', 'to', 'equals']
  if (claimed !== undefined) return ['ratio', 'difference', 'value']
  return keysOfSection[section]?.[inner ?? ''] ?? []
}
