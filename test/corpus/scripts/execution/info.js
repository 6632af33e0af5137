// What k6/execution tells, in the init code, setup, the iterations and teardown.
import exec from 'k6/execution'

export const options = { scenarios: { one: { executor: 'per-vu-iterations', vus: 1, iterations: 2 } } }

const attempt = (read) => {
  try {
    return read()
  } catch (error) {
    return `${error.message ?? error}`
  }
}

const textOf = (tags) => Object.entries(tags).sort().join(' ')

export function setup() {
  console.log(
    'setup',
    exec.vu.idInTest,
    exec.vu.idInInstance,
    attempt(() => exec.scenario.name),
  )
}

export default function () {
  const { scenario, instance, vu, test } = exec
  console.log(
    scenario.name,
    scenario.executor,
    scenario.iterationInInstance,
    scenario.iterationInTest,
    scenario.startTime > 1e12,
    scenario.progress >= 0,
  )
  console.log(
    instance.iterationsInterrupted,
    instance.iterationsCompleted,
    instance.vusActive,
    instance.vusInitialized,
    instance.currentTestRunDuration >= 0,
  )
  console.log(
    vu.iterationInInstance,
    vu.iterationInScenario,
    vu.idInInstance,
    vu.idInTest,
    textOf(vu.tags),
    textOf(vu.metrics.tags),
  )
  console.log(typeof test.options, test.options.scenarios.one.vus, test.options.paused)
}

export function teardown() {
  console.log(
    'teardown',
    exec.vu.idInTest,
    attempt(() => exec.scenario.name),
  )
}
