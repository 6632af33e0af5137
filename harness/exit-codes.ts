/** Exit codes of every weir command; the numbers that k6 also uses mean what they mean in k6 (its errext/exitcodes). */
export const exitCodes = {
  ok: 0,
  /** A comparison says `regressed`; also a campaign none of whose trials was usable, or that has no maximum of a variant that it saturates. */
  failed: 1,
  /** A gate decided nothing, and was asked to be strict about that. */
  inconclusive: 3,
  /** A comparison has fewer valid pairs than a look needs that can decide: trials are invalid, or the budget was too short. */
  invalidMeasurement: 4,
  /** Weir itself failed: a fault of its own, whatever was measured (EX_SOFTWARE of sysexits.h). */
  internal: 70,
  /** k6: a threshold was crossed. */
  thresholdsFailed: 99,
  setupTimeout: 100,
  teardownTimeout: 101,
  /** k6: invalid configuration; here also an unknown variant, scenario, option or key. */
  invalidConfig: 104,
  /** k6: stopped from outside (Ctrl-C). */
  interrupted: 105,
  /** k6: the script threw where that ends the test (init, setup, teardown). */
  scriptException: 107,
  /** k6: the script called `exec.test.abort()`. */
  scriptAborted: 108,
  /** k6: the script called `exec.test.fail()`. */
  markedAsFailed: 110,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
