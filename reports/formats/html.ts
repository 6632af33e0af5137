import { compareRun } from '../../harness/compare/campaign.ts'
import { renderReport } from '../page.ts'
import { renderRuns } from '../runs-page.ts'
import type { ReportFormat } from './port.ts'

export const html: ReportFormat = {
  purpose: 'one page that needs no network, with charts',
  render: (runs) => (runs.length === 1 ? renderReport(runs[0]!, compareRun(runs[0]!)) : renderRuns(runs)),
}
