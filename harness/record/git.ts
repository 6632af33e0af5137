import { execa } from 'execa'
import type { Environment } from './schema.ts'

type GitState = Environment['git']

/** Commit, branch and whether files differ from the commit; null outside of a repository, before its first commit, or without git. */
export async function readGit(cwd: string): Promise<GitState> {
  const args = ['--no-optional-locks', 'status', '--porcelain=v2', '--branch']
  const { failed, stdout } = await execa('git', args, { cwd, reject: false })
  return failed ? null : parseGitStatus(stdout)
}

/** Reads `git status --porcelain=v2 --branch`: lines `# branch.oid ...`, `# branch.head ...`, then one a changed file. */
export function parseGitStatus(status: string): GitState {
  const lines = status.split('\n').filter(Boolean)
  const header = (name: string) =>
    lines.find((line) => line.startsWith(`# branch.${name} `))?.slice(`# branch.${name} `.length)
  const commit = header('oid')
  if (!commit || commit === '(initial)') return null
  return { commit, branch: header('head') ?? '(detached)', dirty: lines.some((line) => !line.startsWith('#')) }
}

/**
 * All that the files of a repository hold, as text to be hashed: the commit, what differs from it, and files that it
 * does not know. Markdown does not count: nobody runs it. Null outside of a repository.
 */
export async function readGitState(cwd: string): Promise<string | null> {
  const ask = async (args: string[], input = '') => {
    const { failed, stdout } = await execa('git', ['--no-optional-locks', ...args], { cwd, input, reject: false })
    return failed ? null : stdout
  }
  const notMarkdown = ['--', ':/', ':(top,exclude)*.md']
  const [commit, changed, unknown] = await Promise.all([
    ask(['rev-parse', 'HEAD']),
    ask(['diff', 'HEAD', '--no-ext-diff', ...notMarkdown]),
    ask(['ls-files', '--others', '--exclude-standard', ...notMarkdown]),
  ])
  if (commit === null || changed === null || unknown === null) return null
  const hashes = unknown === '' ? '' : await ask(['hash-object', '--stdin-paths'], unknown)
  return [commit, changed, unknown, hashes].join('\n')
}
