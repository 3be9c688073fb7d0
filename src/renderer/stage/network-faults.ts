import type { NetworkState } from '../../shared/device.ts';
import { span } from '../format/time.ts';

/** What is wrong with a device's network and clock, in a few words each; nothing where all is well. */
export function networkFaults(network: NetworkState): string[] {
  const percent = (rate: number) => `${Math.round(rate * 1000) / 10} %`;
  const said = (rate: number, next: number, what: string) => [
    ...(rate > 0 ? [`${percent(rate)} ${what}`] : []),
    ...(next > 0 ? [`next ${next === 1 ? '' : `${next} `}${what}`] : []),
  ];
  const faults = [
    ...said(network.lossRate, network.loseNext, 'lost'),
    ...said(network.answerLossRate, network.loseNextAnswers, 'unanswered'),
    ...said(network.duplicateRate, network.duplicateNext, 'twice'),
    ...said(network.reorderRate, network.reorderNext, 'overtaken'),
  ];
  const { clockSkewSeconds: skew } = network;
  return [
    ...faults,
    ...(faults.length > 0 && network.faultsOn !== '' ? [`only ${network.faultsOn}`] : []),
    ...(network.jitterMs > 0 ? [`±${network.jitterMs} ms`] : []),
    ...(skew === 0 ? [] : [`clock ${span(skew * 1000)} ${skew > 0 ? 'ahead' : 'behind'}`]),
  ];
}
