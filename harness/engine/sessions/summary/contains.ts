/** What k6 says of a metric's values: it decides how they are shown. */
export type Contains = 'default' | 'time' | 'data'

const dataMetrics = new Set(['data_sent', 'data_received'])

/** @param metric `isTime` is of trends */
export const containsOf = (metric: { name: string; isTime: boolean }): Contains =>
  metric.isTime ? 'time' : dataMetrics.has(metric.name) ? 'data' : 'default'
