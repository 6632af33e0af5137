// Thresholds of all kinds of metrics and all aggregations, passed and crossed.
import { Counter, Gauge, Rate, Trend } from 'k6/metrics'

const counter = new Counter('own_counter')
const gauge = new Gauge('own_gauge')
const rate = new Rate('own_rate')
const trend = new Trend('own_trend')

export const options = {
  iterations: 4,
  thresholds: {
    own_counter: ['count==10', 'count<10', 'rate>0'],
    own_gauge: ['value==4', 'value<4'],
    own_rate: ['rate==0.5', 'rate>0.5'],
    own_trend: ['avg==2.5', 'min==1', 'max>=4', 'med>4', 'p(95)<5', 'p(99.9)>5', 'avg < 3', '  max <= 4  '],
  },
}

export default function () {
  const value = __ITER + 1
  counter.add(value)
  gauge.add(value)
  rate.add(value % 2 === 0)
  trend.add(value)
}
