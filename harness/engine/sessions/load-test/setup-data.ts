import type { SetupData } from '../users/scenario-runner.ts'
import type { VirtualUser } from '../users/vu.ts'

/** For each user a copy of its own, as in k6. */
export function setupData(json: string | null): SetupData {
  if (json === null) return { copyFor: () => undefined }
  const copies = new WeakMap<VirtualUser, unknown>()
  return {
    copyFor: (user) => {
      let copy = copies.get(user)
      if (copy === undefined) copies.set(user, (copy = JSON.parse(json)))
      return copy
    },
  }
}
