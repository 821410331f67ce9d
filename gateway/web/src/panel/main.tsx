// The pickup panel at `/painel`, for a device that was paired for it.

import { render } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { isolated } from "../lib/text/foreign.ts";
import { adoptLanguage } from "../lib/text/language.ts";
import { openBoard } from "../lib/board/live_board.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { text } from "../lib/text/text.ts";
import { openCredential } from "../lib/staff/credential.ts";
import { PairForm } from "../ui/access/PairForm.tsx";
import { useTitle } from "../ui/useTitle.ts";
import { PanelPage } from "./PanelPage.tsx";
import { askShop, isUnknownShop, shopName } from "./shop_name.ts";

const credential = openCredential("comanda.panel_token");

function App() {
  useEffect(askShop, []);
  useTitle(shopName.value ? `${isolated(shopName.value)} · ${text.titles.panel}` : text.titles.panel);
  const token = credential.token.value;
  return token && !credential.code.value ? <Panel key={token} token={token} /> : <Connect />;
}

function Panel({ token }: { token: string }) {
  const board = useMemo(() => openBoard(token), []);
  useEffect(() => board.stop, []);
  const health = board.health.value;
  if (health.state === "refused" && !isUnknownShop.value) return <Connect refused={health.error} />;
  return <PanelPage board={board} />;
}

function Connect({ refused }: { refused?: unknown }) {
  return <PairForm title={staffText.access.panel} credential={credential} refused={refused} />;
}

await adoptLanguage();
render(<App />, document.getElementById("app")!);
