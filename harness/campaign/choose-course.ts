import { monotonicNow } from '../clock.ts'
import { stepOf } from '../config/saturation-steps.ts'
import type { Run } from '../record/schema.ts'
import { planPairs, planTrials } from '../schedule.ts'
import type { Course } from './course.ts'
import { FillingCourse } from './filling-course.ts'
import type { Feasible } from './needs.ts'
import { PairCourse } from './pair-course.ts'
import { type PreparedScenario, plannedSeconds } from './prepare.ts'
import type { CampaignRequest } from './request.ts'
import { SaturationCourse } from './saturation-course.ts'

/** Which trials a run has, and when it is enough: of a saturation, of blocks, or of pairs. @param soFar the run as it stands */
export function courseOf(
  { comparison, campaign, quick, lacking = () => new Map(), nextRate = () => null }: CampaignRequest,
  { cells }: Feasible,
  scenarios: ReadonlyMap<string, PreparedScenario>,
  soFar: () => Run,
): Course {
  const { header } = soFar()
  if (campaign.saturation) {
    const swept = cells.filter(({ scenario }) => stepOf(campaign, scenario)?.kind === 'connections')
    return new SaturationCourse({ sweep: planTrials({ ...header, cells: swept }), nextRate, soFar })
  }
  if (!comparison || !header.comparison) {
    const blocks = header.blocks + (quick ? 0 : campaign.moreBlocks)
    return new FillingCourse(planTrials({ ...header, blocks, cells }), soFar, lacking)
  }
  const setting = {
    ...comparison,
    plan: header.comparison,
    trials: planPairs({ ...header, ...comparison, pairs: header.blocks, scenarios: [...scenarios.keys()] }),
    expectedS: (scenario: string) => 2 * plannedSeconds(scenarios.get(scenario)!),
    now: monotonicNow,
  }
  return new PairCourse(setting, soFar())
}
