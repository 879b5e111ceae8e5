// Which blocks of a network are open: a sensible first view, and what a learner has opened and closed since.
//
// It is written as words with commas between: "layer1" is open, "-layer1" closed, "all-2" opens all down to level 2. It
// draws nothing.

import { isBlock } from "./network-tree.js";

const FEWEST = 6; // nodes of the first view, if the network has so many
const MOST = 20;
const LONGEST = 1900; // characters

/** The ids of the blocks that are open at first: as few as give a view of 6 to 20 nodes. */
export function firstOpen({ root }) {
  const open = new Set([""]);
  let visible = root.children;
  while (visible.length < FEWEST) {
    const room = visible.filter((node) => isBlock(node) && visible.length - 1 + node.children.length <= MOST);
    if (!room.length) break;
    const next = room.reduce((best, node) => (node.last - node.first > best.last - best.first ? node : best));
    open.add(next.id);
    visible = visible.flatMap((node) => (node === next ? node.children : [node]));
  }
  return open;
}

/** The ids of the open blocks, as `words` change the first view. Unknown words are passed over. */
export function openedBlocks(tree, words = "") {
  const open = firstOpen(tree);
  for (const word of words.split(",").filter(Boolean)) {
    const level = /^all-(\d+)$/.exec(word);
    if (level) openTo(tree.root, +level[1], open);
    else if (word.startsWith("-")) open.delete(word.slice(1));
    else if (tree.nodes.has(word)) open.add(word);
  }
  return open.add("");
}

function openTo(node, level, open) {
  if (!isBlock(node) || node.level >= level) return;
  open.add(node.id);
  node.children.forEach((child) => openTo(child, level, open));
}

/** The words after one block has been opened or closed. */
export function toggled(tree, words, id) {
  const isOpen = openedBlocks(tree, words).has(id);
  const kept = words.split(",").filter((word) => word && word !== id && word !== `-${id}`);
  const back = openedBlocks(tree, kept.join(",")).has(id) !== isOpen; // leaving it out is enough
  const next = back ? kept : [...kept, isOpen ? `-${id}` : id];
  while (next.join(",").length > LONGEST) next.shift();
  return next.join(",");
}

/** The words that open every block down to a level; all others are as they were at first. */
export const allTo = (level) => `all-${level}`;

/** The deepest level of any block. */
export const deepest = ({ nodes }) => Math.max(0, ...[...nodes.values()].filter(isBlock).map((node) => node.level + 1));

/** The nodes that are seen, in the order of the steps: open blocks before what is in them. */
export function seen(tree, open) {
  const found = [];
  const enter = (node) => {
    if (node !== tree.root) found.push(node);
    if (open.has(node.id)) node.children.forEach(enter);
  };
  enter(tree.root);
  return found;
}

/** The node that stands for a step: itself, or the outermost closed block around it. */
export function standsFor(tree, open, step) {
  let node = tree.root;
  while (open.has(node.id) && isBlock(node)) node = node.children.find((child) => child.first <= step && step <= child.last) ?? null;
  return node === tree.root ? null : node;
}
