import { ToolFailure } from '../failure.ts'

const mostFrequent = 5

const segments = (text: string, language: string, granularity: 'word' | 'sentence'): Intl.SegmentData[] => {
  try {
    return [...new Intl.Segmenter(language, { granularity }).segment(text)]
  } catch {
    throw new ToolFailure(`"${language}" is no language tag such as en or de-AT`)
  }
}

/** Counts as JSON: `{"characters": 11, "words": 2, "sentences": 1, "frequent": {"hello": 1, "world": 1}}`. */
export const run = ({ text, language = 'en' }: { text: string; language?: string }): string => {
  const words = segments(text, language, 'word').filter(({ isWordLike }) => isWordLike)
  const counts = new Map<string, number>()
  for (const { segment } of words) {
    const word = segment.toLocaleLowerCase(language)
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  const frequent = [...counts].sort(([, a], [, b]) => b - a).slice(0, mostFrequent)
  const sentences = segments(text, language, 'sentence').length
  return JSON.stringify({
    ...{ characters: [...text].length, words: words.length, sentences },
    frequent: Object.fromEntries(frequent),
  })
}
