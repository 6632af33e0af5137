import type { Debugger, Session } from 'node:inspector'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { RunnableCode } from './load.ts'
import { SourcePlaces } from './places.ts'
import { describeFrames } from './stack.ts'

/** A main thread inside a built-in that cannot be paused is not waited for any longer. */
const longestPauseMs = 3000

/** What the main thread does. */
export interface Place {
  /** Innermost first, such as `spin (script.js:3:7)`; empty where the main thread cannot be paused. */
  frames: string[]
  /** Nothing of a script was among them. */
  isEngine: boolean
}

type CallFrame = Debugger.CallFrame & { file: string }

/**
 * Where the main thread is now, as the user's own files have it, innermost frame first; asked from another thread.
 * The debugger is connected only for this question. Gives the engine's own frames where no script was met for so long
 * as is waited, and null where the main thread was not stuck after all.
 * @param hasMoved whether the main thread's event loop has turned meanwhile
 */
export async function placeOfMainThread(
  scripts: readonly RunnableCode[],
  hasMoved: () => boolean,
): Promise<Place | null> {
  const inspector = await import('node:inspector')
  const session = new inspector.Session()
  session.connectToMainThread()
  try {
    const place = await placeOf(session, scripts)
    return hasMoved() ? null : place
  } finally {
    session.disconnect()
  }
}

/** Between promise callbacks of a script it may be the engine that runs: then the main thread is paused again. */
function placeOf(session: Session, scripts: readonly RunnableCode[]): Promise<Place> {
  const files = new Map<string, string>()
  session.on('Debugger.scriptParsed', ({ params }) => void files.set(params.scriptId, pathOf(params.url)))
  return new Promise((resolve) => {
    let engineFrames: string[] = []
    const timer = setTimeout(() => resolve({ frames: engineFrames, isEngine: engineFrames.length > 0 }), longestPauseMs)
    session.on('Debugger.paused', ({ params }) => {
      const frames = params.callFrames.map((frame) => ({ ...frame, file: files.get(frame.location.scriptId) ?? '' }))
      const named = nameFrames(frames, scripts)
      if (named.length === 0) {
        engineFrames = nameEngineFrames(frames)
        session.post('Debugger.resume', () => setTimeout(() => session.post('Debugger.pause'), 10))
      } else {
        clearTimeout(timer)
        resolve({ frames: named, isEngine: false })
      }
    })
    session.post('Debugger.enable', () => session.post('Debugger.pause'))
  })
}

/** The inspector tells paths as URLs. */
const pathOf = (url: string): string => (url.startsWith('file:') ? fileURLToPath(url) : url)

const nameEngineFrames = (frames: readonly CallFrame[]): string[] =>
  frames.map(({ functionName, file, location }) => {
    const place = `${basename(file)}:${location.lineNumber + 1}`
    return functionName === '' ? place : `${functionName} (${place})`
  })

/** The frames of the script that stands innermost; with several of one name, the last one made is the one that runs. */
function nameFrames(frames: readonly CallFrame[], scripts: readonly RunnableCode[]): string[] {
  const script = frames.map(({ file }) => scripts.findLast(({ filename }) => filename === file)).find(Boolean)
  if (!script) return []
  const lines = frames.map(({ functionName, file, location }) => {
    const place = `${file}:${location.lineNumber + 1}:${(location.columnNumber ?? 0) + 1}`
    return functionName === '' ? `    at ${place}` : `    at ${functionName} (${place})`
  })
  return describeFrames(lines, { ...script, places: new SourcePlaces(script.map, script.filename) })
}
