import type { WorkName } from './work.ts'

/** The code of all work by name. Nothing of it is loaded before it is asked for. */
export const workCode: Record<WorkName, () => Promise<(args: never) => string>> = {
  'check-json': async () => (await import('../tools/blocking/check-json.ts')).checkJson,
  compress: async () => (await import('../tools/blocking/compress.ts')).compress,
  digest: async () => (await import('../tools/blocking/digest.ts')).digest,
  outline: async () => (await import('../tools/blocking/outline.ts')).outline,
}

/** Loads the code of all work into the thread that calls this. */
export const loadAllWork = async (): Promise<void> => {
  await Promise.all(Object.values(workCode).map((load) => load()))
}
