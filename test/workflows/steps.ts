import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'

/** One step of a workflow's only job. */
export interface Step {
  name: string
  /** The action that it uses, `actions/checkout@v5`, or what it runs. */
  uses: string | null
  run: string | null
  env: Record<string, string>
  condition: string | null
  continuesOnError: boolean
}

export const workflowText = (file: string): string =>
  readFileSync(join(import.meta.dirname, '..', '..', '.github', 'workflows', file), 'utf8')

/**
 * Reads the steps of a workflow, which is YAML of a plain kind: two spaces a level, texts on one line or behind `|`.
 * Throws where a step has no name, so that none is overlooked.
 */
export function stepsOf(text: string): Step[] {
  const [, steps] = text.split(/^ {4}steps:\n/m)
  const [, ...items] = steps!.split(/^ {6}- /m)
  return items.map((item) => {
    const name = /^name: (.+)$/m.exec(item)?.[1]
    if (name === undefined) throw new Error(`a step has no name: ${item}`)
    return {
      name,
      uses: value(item, 'uses'),
      run: value(item, 'run'),
      env: Object.fromEntries(
        [...(block(item, 'env') ?? '').matchAll(/^(\w+): (.+)$/gm)].map(([, key, text]) => [key!, text!]),
      ),
      condition: value(item, 'if'),
      continuesOnError: value(item, 'continue-on-error') === 'true',
    }
  })
}

function value(item: string, key: string): string | null {
  const inline = new RegExp(`^ {8}${key}: (.+)$`, 'm').exec(item)?.[1]
  return inline === '|' ? block(item, key) : (inline ?? null)
}

/** What is indented deeper below a key, without that indentation. */
function block(item: string, key: string): string | null {
  const found = new RegExp(`^ {8}${key}:(?: \\|)?\\n((?: {10}.*\\n|\\n)+)`, 'm').exec(item)?.[1]
  return found?.replace(/^ {10}/gm, '') ?? null
}

/**
 * Runs a step as GitHub does: by `bash -e`, in the workspace.
 *
 * @param context what stands for expressions of its environment, `github.token`; every one must be known
 * @param env of the test: stand-ins in PATH, and the like
 */
export async function runStep(
  { run, env }: Step,
  workspace: string,
  context: Record<string, string>,
  own: Record<string, string>,
) {
  const filled = Object.entries(env).map(([key, text]) => [
    key,
    text.replace(/\$\{\{ (.+?) \}\}/g, expression(context)),
  ])
  return await execa('bash', ['-e', '-c', run!], {
    cwd: workspace,
    env: { ...own, ...Object.fromEntries(filled) },
    reject: false,
  })
}

const expression =
  (context: Record<string, string>) =>
  (_: string, name: string): string => {
    const text = context[name]
    if (text === undefined) throw new Error(`nothing stands for the expression ${name}`)
    return text
  }
