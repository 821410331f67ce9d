// One product and its switch. Drawn again only when its props or the language change: there may be thousands.

import { timestampMs } from "@bufbuild/protobuf/wkt";
import type { Product } from "../../lib/menu/resolve.ts";
import { boardText } from "../../lib/text/board_text.ts";
import { staffText } from "../../lib/text/staff_text.ts";
import type { UtcOffsets } from "../../lib/time/zone.ts";
import { Icon } from "../../ui/Icon.tsx";
import { timeWords } from "../../ui/state/time_words.ts";
import { undoStock, type Stock } from "./stock.ts";

interface Props {
  product: Product;
  utcOffsets: UtcOffsets;
  /** What was asked for and is not shown by the menu yet. */
  asked: Stock | undefined;
  /** Whether it was changed here, and can be undone. */
  changed: boolean;
  onSwitch(product: Product): void;
}

export function StockRow({ product, utcOffsets, asked, changed, onSwitch }: Props) {
  const available = asked ? asked === "available" : product.available;
  const again = !available && asked === undefined ? product.availableAgainTime : undefined;
  return (
    <>
      <button
        type="button"
        role="switch"
        class="stock-row"
        aria-checked={!available}
        aria-label={`${product.name}: ${staffText.stock.soldOut}`}
        aria-describedby={again ? `again-${product.productId}` : undefined}
        disabled={asked !== undefined}
        onClick={() => onSwitch(product)}
      >
        <span class="stock-name">
          <bdi>{product.name}</bdi>
          {again && (
            <span class="stock-until" id={`again-${product.productId}`}>
              {staffText.stock.again(timeWords(timestampMs(again), utcOffsets))}
            </span>
          )}
        </span>
        <span class="switch">
          <Icon name={available ? "check" : "close"} />
          {available ? staffText.stock.available : staffText.stock.soldOut}
        </span>
      </button>
      {changed && (
        <button type="button" class="undo" disabled={asked !== undefined} onClick={() => undoStock(product)}>
          {boardText.board.undo}
          <span class="hidden">: {product.name}</span>
        </button>
      )}
    </>
  );
}
