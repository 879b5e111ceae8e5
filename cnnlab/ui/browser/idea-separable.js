// The idea of MobileNet v1 and Xception: first look around in each channel alone, then mix channels at each place.

import { conv, costsOf, depthwise } from "./idea-costs.js";
import { drawRows } from "./idea-drawing.js";

const fraction = (value) => (value < 0.1 ? value.toFixed(4) : value.toFixed(3));

export const idea = {
  ask: "Where does the cost of the pair sit? Widen the output, then enlarge the kernel, and see which of the two terms counts.",
  knobs: [
    { name: "kernel", label: "Kernel", low: 1, high: 9, step: 2, start: 3, text: (value) => `${value} × ${value}` },
    { name: "cin", label: "Channels in", low: 8, high: 1024, step: 8, start: 32 },
    { name: "cout", label: "Channels out", low: 8, high: 1024, step: 8, start: 64 },
    { name: "size", label: "Maps, pixels a side", low: 7, high: 224, step: 7, start: 112 },
  ],
  /** A standard convolution against the depthwise-separable pair, without biases. */
  show({ kernel, cin, cout, size }) {
    const shape = [cin, size, size];
    const [standard, spatial, mixing] = [[[conv(cin, cout, kernel)]], [[depthwise(cin, kernel)]], [[conv(cin, cout, 1)]]].map((design) => costsOf(design, shape));
    const pair = costsOf([[depthwise(cin, kernel), conv(cin, cout, 1)]], shape);
    const expected = 1 / cout + 1 / kernel ** 2;
    return {
      drawing: drawRows([
        { title: "Standard", blocks: [{ label: "in", channels: cin }, { label: `${kernel} × ${kernel}, all channels`, channels: cout, kind: "accent" }] },
        { title: "Pair", blocks: [{ label: "in", channels: cin }, { label: `${kernel} × ${kernel}, one channel each`, channels: cin, kind: "cheap" }, { label: "1 × 1, all channels", channels: cout, kind: "accent" }] },
      ], `A ${kernel} × ${kernel} convolution from ${cin} to ${cout} channels, and the same as a depthwise and a pointwise one.`),
      columns: [{ title: "Standard", ...standard }, { title: "Depthwise + pointwise", ...pair }],
      words: [
        `1 / channels out + 1 / kernel² = 1/${cout} + 1/${kernel ** 2} = ${fraction(expected)}; counted: ${fraction(pair.macs / standard.macs)}.`,
        `Of the pair's multiply-adds ${Math.round((100 * mixing.macs) / (spatial.macs + mixing.macs))} % are in the 1 × 1 convolution, which is why ShuffleNet groups it.`,
        "MobileNet puts batch norm and ReLU between the two; Xception found that it learns better without the ReLU there.",
      ],
    };
  },
};
