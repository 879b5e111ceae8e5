// Validation pictures of a run: small copies that come on sheets, many in one request.
//
// It is told how the sheets are laid out; it draws one picture at a time.

import { make } from "./dom.js";

export function createPictures(address) {
  let layout = { count: 0, side: 1, sheet: 1, columns: 1 };
  const sheets = new Map();
  const sheetOf = (number) => {
    if (!sheets.has(number)) {
      const image = new Image();
      image.src = `${address}/pictures/${number}.png`;
      sheets.set(number, image.decode().then(() => image).catch(() => null));
    }
    return sheets.get(number);
  };
  return {
    settle: (thumbs) => (layout = thumbs),
    has: (picture) => picture < layout.count,
    /** A canvas with a picture, `label` for those who do not see it; "" for one that is told beside it. */
    draw(picture, label = "") {
      const canvas = make("canvas", { class: "finetune-thumb", width: layout.side, height: layout.side, ...(label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" }) });
      if (picture >= layout.count) return canvas;
      const place = picture % layout.sheet;
      const [x, y] = [(place % layout.columns) * layout.side, Math.floor(place / layout.columns) * layout.side];
      canvas.ready = sheetOf(Math.floor(picture / layout.sheet)).then((image) => {
        if (image) canvas.getContext("2d").drawImage(image, x, y, layout.side, layout.side, 0, 0, layout.side, layout.side);
      });
      return canvas;
    },
  };
}
