import { cpuWaitMs } from './oracle/cpu-wait.ts'

/** How long the generator waited for a CPU: read while it lives, since it is gone with its result. */
export class GeneratorWaits {
  private pid = 0
  private firstWaitMs = Number.NaN
  private lastWaitMs = Number.NaN
  private firstMs = 0
  private lastMs = 0

  watch(pid: number): void {
    this.pid = pid
    this.firstWaitMs = cpuWaitMs(pid)
    this.firstMs = performance.now()
  }

  look(): void {
    this.lastWaitMs = cpuWaitMs(this.pid)
    this.lastMs = performance.now()
  }

  share(): number {
    return (this.lastWaitMs - this.firstWaitMs) / (this.lastMs - this.firstMs)
  }
}
