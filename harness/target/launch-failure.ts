/** A target or service that did not come up. `message` is one line for people; `outputTail` what the process said last. */
export class LaunchFailure extends Error {
  override name = 'LaunchFailure'
  readonly outputTail: string[]

  constructor(message: string, outputTail: string[] = []) {
    super(message)
    this.outputTail = outputTail
  }
}
