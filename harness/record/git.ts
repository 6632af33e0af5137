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
