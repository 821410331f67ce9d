// How a device of the staff learns to trust the shop, at `/confiar`.

import { useEffect, useState } from "preact/hooks";
import { untilAnswered } from "../lib/call/retry.ts";
import { askNetwork, network } from "../lib/network.ts";
import { show } from "../lib/show.tsx";
import { StateMessage } from "../ui/state/StateMessage.tsx";
import { TopBar } from "../ui/TopBar.tsx";
import { useTitle } from "../ui/useTitle.ts";
import { TrustPage } from "./TrustPage.tsx";
import { trustText } from "./trust_text.ts";

function App() {
  const [away, setAway] = useState(false);
  const ask = () => void untilAnswered(askNetwork, { waits: () => setAway(true) }).catch(() => setAway(true));
  useEffect(ask, []);
  useTitle(`${trustText.page.title} · Comanda`);
  const known = network.value;
  return (
    <>
      <TopBar title={trustText.page.title} />
      {known?.lan && known.customers ? (
        <TrustPage customers={known.customers} lan={known.lan} />
      ) : (
        <main>
          <StateMessage
            kind={away ? "offline" : "loading"}
            title={away ? trustText.page.failed : trustText.page.loading}
          />
        </main>
      )}
    </>
  );
}

void show(<App />);
