// What a tablet shows that is not paired, or whose credential is refused.

import { SHOP } from "../lib/shop.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { PairForm } from "../ui/access/PairForm.tsx";
import { credential } from "./person/person.ts";
import { adoptStations } from "./stations.ts";

export function Connect({ refused }: { refused?: unknown }) {
  return (
    <PairForm
      title={staffText.access.barista}
      credential={credential}
      refused={refused}
      onPaired={({ stations, shopId }) => adoptStations(stations, shopId || SHOP)}
    />
  );
}
