/** Listens to what a page plays, at the end of its audio graph: every context of a spec goes through an analyser. */
export function listen(): {
  readonly contexts: AudioContext[];
  readonly peak: () => number;
  readonly pitch: () => number;
} {
  const contexts: AudioContext[] = [];
  const analysers: AnalyserNode[] = [];
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with the node it belongs to
  const connect = AudioNode.prototype.connect as (this: AudioNode, to: AudioNode) => AudioNode;
  const tap = function (this: AudioNode, to: AudioNode): AudioNode {
    if (to instanceof AudioDestinationNode) {
      const context = this.context as AudioContext;
      if (!contexts.includes(context)) {
        contexts.push(context);
        const analyser = context.createAnalyser();
        analyser.fftSize = 8_192;
        analysers.push(analyser);
      }
      connect.call(this, analysers[contexts.indexOf(context)] as AnalyserNode);
    }
    return connect.call(this, to);
  };
  spyOn(AudioNode.prototype, 'connect').and.callFake(tap as never);
  const peak = () => {
    const samples = new Float32Array(8_192);
    analysers.at(-1)?.getFloatTimeDomainData(samples);
    return Math.max(...samples.map(Math.abs));
  };
  const pitch = () => {
    const analyser = analysers.at(-1);
    if (analyser === undefined) return 0;
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    return (bins.indexOf(Math.max(...bins)) * analyser.context.sampleRate) / analyser.fftSize;
  };
  return { contexts, peak, pitch };
}
