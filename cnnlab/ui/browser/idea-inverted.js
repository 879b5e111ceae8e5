// MobileNet v2's idea: narrow where the skip passes, wide in between, and no ReLU where it is narrow.

import { conv, costsOf, depthwise } from "./idea-costs.js";
import { drawRows } from "./idea-drawing.js";
import { bytesText, grouped } from "./units.js";

export const idea = {
  ask: "Raise the expansion: the inside gets wide and stays cheap. How wide could a standard 3 × 3 between such ends be for the same multiply-adds?",
  knobs: [
    { name: "expansion", label: "Expansion t", low: 1, high: 10, start: 6 },
    { name: "channels", label: "Channels of the narrow ends", low: 8, high: 160, step: 8, start: 24 },
    { name: "size", label: "Maps, pixels a side", low: 7, high: 112, step: 7, start: 56 },
  ],
  /** The inverted residual of stride 1 against a classic bottleneck with the same widths turned round; without biases. */
  show({ expansion, channels, size }) {
    const wide = expansion * channels;
    const inverted = [[...(expansion > 1 ? [conv(channels, wide, 1)] : []), depthwise(wide), conv(wide, channels, 1)]];
    const classic = [[conv(wide, channels, 1), conv(channels, channels, 3), conv(channels, wide, 1)]];
    const dense = costsOf([[conv(channels, wide, 1), conv(wide, wide, 3), conv(wide, channels, 1)]], [channels, size, size]);
    const cheap = costsOf(inverted, [channels, size, size]);
    const carried = (width) => `${grouped(width * size * size)} numbers, ${bytesText(4 * width * size * size)}`;
    return {
      drawing: drawRows([
        { title: "Inverted residual", blocks: [{ label: "in", channels }, { label: "1 × 1", channels: wide, kind: "accent" }, { label: "3 × 3 depthwise", channels: wide, kind: "cheap" }, { label: "1 × 1, linear", channels }] },
        { title: "Classic bottleneck", blocks: [{ label: "in", channels: wide }, { label: "1 × 1", channels, kind: "accent" }, { label: "3 × 3", channels, kind: "cheap" }, { label: "1 × 1", channels: wide }] },
      ], `The inverted residual goes from ${channels} to ${wide} and back to ${channels} channels, the classic bottleneck the other way round.`),
      columns: [
        { title: "Classic bottleneck", ...costsOf(classic, [wide, size, size]), more: { "The skip carries": carried(wide) } },
        { title: "Inverted residual", ...cheap, more: { "The skip carries": carried(channels) } },
      ],
      words: [
        `With a standard 3 × 3 between its wide layers, the same block would take ${(dense.macs / cheap.macs).toFixed(1)} times the multiply-adds.`,
        "What passes from block to block is narrow, so a phone keeps little in memory; the wide part can be computed a few channels at a time.",
        expansion === 1 ? "At t = 1 nothing is expanded, and the first 1 × 1 is left out, as in the first block of MobileNet v2." : "No ReLU follows the last 1 × 1: in few channels it would destroy what they carry. That is the linear bottleneck.",
      ],
    };
  },
};
