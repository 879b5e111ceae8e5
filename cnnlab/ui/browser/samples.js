// The bundled pictures as the page names and credits them.
//
// The same facts as in cnnlab/inspection/samples.py, which also makes the files; a test compares the two.

const digit = (n) => ({
  name: `digit-${n}`,
  title: `Digit ${n}`,
  kind: "digit",
  source: "E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits; in scikit-learn",
  licence: "CC BY 4.0",
  alt: `A handwritten ${n}, bright on black, 8 by 8 pixels.`,
});
const photograph = (name, title, source, licence, alt) => ({
  name, title, kind: "photograph", source: `${source}; in scikit-image`, licence, alt,
});

const shape = (name, title, alt) => ({ name, title, kind: "shape", source: "Drawn by CNN Lab", licence: "Apache-2.0", alt });

export const SAMPLES = [
  ...Array.from({ length: 10 }, (_, n) => digit(n)),
  photograph("astronaut", "Astronaut", "NASA", "Public domain",
    "An astronaut in an orange suit smiles before a flag and a model of the space shuttle."),
  photograph("camera", "Photographer", "Lav Varshney", "CC0",
    "A man in a dark coat looks through a camera on a tripod, on a lawn; grey."),
  photograph("cat", "Cat", "Stéfan van der Walt", "CC0",
    "The face of a ginger tabby cat with green eyes, close up."),
  photograph("coffee", "Coffee", "Rachel Michetti, Pikolo Espresso Bar", "CC0",
    "A cup of espresso on a red saucer with a spoon, on a wooden table."),
  photograph("rocket", "Rocket", "SpaceX", "Public domain",
    "A white rocket stands lit on its launch pad between masts at dusk."),
  photograph("coins", "Coins", "Brooklyn Museum", "No known copyright restrictions",
    "Four rows of six ancient coins on a dark, uneven background; grey."),
  photograph("brick", "Brick", "CC0Textures", "CC0",
    "A wall of long bricks in upright rows with bright joints; grey."),
  photograph("grass", "Grass", "linolafett on DeviantArt", "CC0",
    "Short grass and small leaves from above, a fine irregular texture; grey."),
  photograph("gravel", "Gravel", "CC0Textures", "CC0",
    "Gravel from above, many small pointed stones; grey."),
  photograph("text", "Handwriting", "Wikipedia, File:Corner.png", "Public domain",
    "Handwritten mathematics on squared paper, seen at a slant; grey."),
  photograph("horse", "Horse", "Andreas Preuss on Openclipart", "CC0",
    "The black outline of a standing horse, filled, on white."),
  photograph("galaxies", "Galaxies", "NASA, Hubble eXtreme Deep Field", "Public domain",
    "Hundreds of small coloured galaxies on a black sky."),
  shape("shape-star", "Star",
    "A purple star covers a small blue shape, on clouded green and blue."),
  shape("shape-gear", "Gear",
    "A cream gear with green spots, cut by the lower edge, on pink with purple dots."),
  shape("shape-spiral", "Spiral",
    "A thin yellow spiral on a dull olive ground."),
  shape("shape-flower", "Flower",
    "A blue flower of five petals with lighter lines, near a corner of a purple ground."),
  shape("shape-hourglass", "Hourglass",
    "A green hourglass on bright red."),
  shape("shape-crescent", "Crescent",
    "A cream crescent with green spots, on pink with purple dots."),
  shape("shape-hexagon", "Hexagon",
    "A hexagon of green and cream waves hides most of a small green square, on brown."),
  shape("shape-plus", "Plus",
    "A small plus with pink and olive rings on it, on clouded dark red and blue."),
  shape("shape-triangle", "Triangle",
    "A triangle, dark red to grey-green, on pink."),
  shape("shape-letter-l", "Letter L",
    "A red letter L on pink waves, with noise."),
  shape("shape-ring", "Ring",
    "A yellow-green ring on dark purple."),
  shape("shape-heart", "Heart",
    "A green heart on bright red: a shape that no bundled network has learned."),
];
