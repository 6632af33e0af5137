/** Letters of scripts that are read from right to left, and the characters that turn an order by themselves. */
const fromTheRight =
  /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

/** Whether such a text would turn the order of what stands beside it: of numbers above all. */
export const turnsOrder = (text: string): boolean => fromTheRight.test(text)

/** For text that is drawn, between First Strong Isolate and Pop Directional Isolate: what `<bdi>` is where there is markup. */
export const isolated = (text: string): string => (turnsOrder(text) ? `\u2068${text}\u2069` : text)
