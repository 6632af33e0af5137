import { markdownOfRun } from '../markdown/run.ts'
import { markdownOfRuns } from '../markdown/runs.ts'
import type { ReportFormat } from './port.ts'

export const md: ReportFormat = {
  purpose: 'Markdown that fits a pull request: answer, verdicts, a small table a scenario',
  render: (runs) => (runs.length === 1 ? markdownOfRun(runs[0]!) : markdownOfRuns(runs)),
}
