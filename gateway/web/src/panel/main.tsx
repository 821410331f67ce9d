// The pickup panel at `/painel#<panel token>`.

import { render } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { explain } from "../lib/call/errors.ts";
import { isolated } from "../lib/text/foreign.ts";
import { adoptLanguage } from "../lib/text/language.ts";
import { openBoard } from "../lib/board/live_board.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { text } from "../lib/text/text.ts";
import { openTokenStore } from "../lib/call/token.ts";
import { TokenForm } from "../ui/TokenForm.tsx";
import { useTitle } from "../ui/useTitle.ts";
import { PanelPage } from "./PanelPage.tsx";
import { askShop, shopName } from "./shop_name.ts";

const store = openTokenStore("comanda.panel_token");

function App() {
  useEffect(askShop, []);
  useTitle(shopName.value ? `${isolated(shopName.value)} · ${text.titles.panel}` : text.titles.panel);
  const token = store.token.value;
  return token ? <Panel key={token} token={token} /> : <TokenForm label={staffText.token.panel} store={store} />;
}

function Panel({ token }: { token: string }) {
  const board = useMemo(() => openBoard(token), []);
  useEffect(() => board.stop, []);
  const health = board.health.value;
  if (health.state === "refused") {
    return <TokenForm label={staffText.token.panel} store={store} problem={explain(health.error)} />;
  }
  return <PanelPage board={board} />;
}

await adoptLanguage();
render(<App />, document.getElementById("app")!);
