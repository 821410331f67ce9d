// The barista's page at `/barista`, for a device that was paired for it.

import { useEffect, useMemo } from "preact/hooks";
import { isolated } from "../lib/text/foreign.ts";
import { adoptLanguage } from "../lib/text/language.ts";
import { openBoard } from "../lib/board/live_board.ts";
import { followMenu, menu, menuHealth } from "../lib/menu/menu.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { text } from "../lib/text/text.ts";
import { SHOP } from "../lib/shop.ts";
import { show } from "../lib/show.tsx";
import { PairForm } from "../ui/access/PairForm.tsx";
import { useTitle } from "../ui/useTitle.ts";
import { createActions } from "./actions.ts";
import { BoardPage } from "./BoardPage.tsx";
import { credential, learnMe } from "./person/person.ts";
import { rememberLeft } from "./recent/recent.ts";
import { adoptStations } from "./stations.ts";

function App() {
  useTitle(menu.value ? `${isolated(menu.value.shopName)} · ${text.titles.barista}` : text.titles.barista);
  const token = credential.token.value;
  return token && !credential.code.value ? <Station key={token} token={token} /> : <Connect />;
}

function Station({ token }: { token: string }) {
  useEffect(followMenu, []);
  useEffect(learnMe, []);
  const board = useMemo(() => openBoard(token, rememberLeft), []);
  const actions = useMemo(() => createActions(board), []);
  useEffect(
    () => () => {
      actions.stop();
      board.stop();
    },
    [],
  );
  const health = board.health.value;
  if (health.state === "refused" && menuHealth.value.state !== "unknownShop") return <Connect refused={health.error} />;
  return <BoardPage board={board} actions={actions} />;
}

function Connect({ refused }: { refused?: unknown }) {
  return (
    <PairForm
      title={staffText.access.barista}
      credential={credential}
      refused={refused}
      onPaired={({ stations, shopId }) => adoptStations(stations, shopId || SHOP)}
    />
  );
}

await adoptLanguage();
show(<App />);
