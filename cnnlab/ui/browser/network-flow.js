// Which tensors flow inside an open block: from part to part, in from outside, and out of it.
//
// A tensor is known by the index of the step that makes it; -1 is the network's input. It knows no positions.

/**
 * The flow in an open block: { arriving, leaving, edges }. `arriving` and `leaving` are tensors; an edge is { tensor, from, to }
 * where the ends are indices of children, -1 for a tensor that arrives and -2 for one that leaves.
 */
export function flowIn(tree, block, outputs) {
  const owner = ownersOf(block);
  const arriving = new Set();
  const edges = new Map();
  const add = (tensor, from, to) => edges.set(`${tensor}/${to}`, { tensor, from, to });
  if (block.last < block.first) arriving.add(-1); // a network without a step is its input
  const inside = (step) => step >= block.first && step <= block.last;
  for (let step = block.first; step <= block.last; step += 1) {
    const to = owner[step - block.first];
    for (const tensor of tree.steps[step].from) {
      if (!inside(tensor)) {
        arriving.add(tensor);
        add(tensor, -1, to);
      } else if (owner[tensor - block.first] !== to) add(tensor, owner[tensor - block.first], to);
    }
  }
  const leaving = leavingOf(tree, block, outputs);
  for (const tensor of leaving) add(tensor, owner[tensor - block.first], -2);
  return { arriving: [...arriving].sort((a, b) => b - a), leaving, edges: [...edges.values()] };
}

function ownersOf(block) {
  const owner = new Array(block.last - block.first + 1);
  block.children.forEach((child, index) => owner.fill(index, child.first - block.first, child.last - block.first + 1));
  return owner;
}

/** For each step the last one that reads it; a step that the network puts out is read for ever. */
export function lastReaders(steps, outputs) {
  const last = new Array(steps.length).fill(-1);
  steps.forEach((step, index) => step.from.forEach((from) => from >= 0 && (last[from] = Math.max(last[from], index))));
  outputs.forEach((index) => (last[index] = Infinity));
  return last;
}

function leavingOf(tree, block, outputs) {
  tree.lastReaders ??= lastReaders(tree.steps, outputs);
  const leaving = [];
  for (let step = block.first; step <= block.last; step += 1) if (tree.lastReaders[step] > block.last) leaving.push(step);
  return leaving;
}
