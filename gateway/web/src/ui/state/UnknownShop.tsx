// The address names a shop that is not there.

import { SHOP } from "../../lib/shop.ts";
import { text } from "../../lib/text/text.ts";
import { StateMessage } from "./StateMessage.tsx";

export function UnknownShop() {
  return <StateMessage kind="error" title={text.shop.unknown} detail={text.shop.unknownDetail(SHOP)} />;
}
