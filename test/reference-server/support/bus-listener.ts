import type { BusListener } from '../../../reference-server/bus/port.ts'

/** A listener that remembers what it heard, as `channel=message`, and can be waited for. */
export const hearing = () => {
  const heard: string[] = []
  const waiting: { text: string; resolve: () => void }[] = []
  const listener: BusListener = (channel, message) => {
    const text = `${channel}=${message}`
    heard.push(text)
    for (const each of waiting) if (each.text === text) each.resolve()
  }
  /** Resolves when this was heard. */
  const until = (text: string): Promise<void> =>
    new Promise((resolve) => {
      if (heard.includes(text)) resolve()
      else waiting.push({ text, resolve })
    })
  return { heard, listener, until }
}
