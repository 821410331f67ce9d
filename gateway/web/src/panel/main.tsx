// The pickup panel at `/painel`, for a device that was paired for it.

import { useEffect, useMemo } from "preact/hooks";
import { isolated } from "../lib/text/foreign.ts";
import { openBoard } from "../lib/board/live_board.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { text } from "../lib/text/text.ts";
import { openCredential } from "../lib/staff/credential.ts";
import { show } from "../lib/show.tsx";
import { PairForm } from "../ui/access/LazyPairForm.tsx";
import { useTitle } from "../ui/useTitle.ts";
import { PanelPage } from "./PanelPage.tsx";
import { isUnknownShop, learnShop, shopFace } from "./shop_face.ts";

const credential = openCredential("comanda.panel_token");

function App() {
  useEffect(learnShop, []);
  const { name } = shopFace.value;
  useTitle(name ? `${isolated(name)} · ${text.titles.panel}` : text.titles.panel);
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

void show(<App />, { unattended: true });
