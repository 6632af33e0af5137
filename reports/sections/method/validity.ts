import { html } from '../../html.ts'
import { formula, type Topic } from './topic.ts'

export const validity: Topic = {
  title: 'When a trial is not used',
  render:
    () => html`<p>The generator and the services watch themselves. Where one of these limits is crossed the numbers of that part of the load are not the target’s, and none of them is used, but for medians of times as below; the same holds where the target failed, was cut off, or did not answer as the script says that it must. All are listed on this page with their reasons.</p>
${formula('lateness of the generator, p99 ≤ the larger of 2 ms and a tenth of the measured p99')}${formula('lateness of a service, p99 ≤ the same')}${formula('medians of at least 20 times are used where the p97 of both is within that limit')}${formula('event loop of the generator ≤ 90% of the time, unless the load is a closed loop')}${formula('capacity of a closed loop: the target’s core ≥ 90% busy, or its event loop ≥ 90% while it waits for a CPU ≤ 10%')}`,
}
