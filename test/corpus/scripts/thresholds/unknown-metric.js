// A threshold on a metric that is not there is a mistake in the configuration.
export const options = { thresholds: { no_such_metric: ['count>0'] } }

export default function () {
  console.log('never')
}
