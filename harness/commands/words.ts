/** `1 trial`, `2 trials` */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

/** `9 min`, `40 s` */
export const formatTime = (seconds: number): string =>
  seconds >= 100 ? `${Math.round(seconds / 60)} min` : `${Math.ceil(seconds)} s`
