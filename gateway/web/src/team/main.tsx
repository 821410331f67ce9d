// People and devices of a shop, at `/equipe`: for managers and owners.

import { useEffect } from "preact/hooks";
import { OWNER } from "./roles.ts";
import { untilAnswered } from "../lib/call/retry.ts";
import { askMenu, menu } from "../lib/menu/menu.ts";
import { SHOP, shopLink } from "../lib/shop.ts";
import { isolated } from "../lib/text/foreign.ts";
import { lazily } from "../lib/lazily.tsx";
import { show } from "../lib/show.tsx";
import { StateMessage } from "../ui/state/StateMessage.tsx";
import { TopBar } from "../ui/TopBar.tsx";
import { useTitle } from "../ui/useTitle.ts";
import { open, visit } from "./session.ts";
import { SignInForm } from "./sign_in/SignInForm.tsx";
import { teamText, tell } from "./team_text.ts";

const FirstSteps = lazily(async () => (await import("./sign_in/FirstSteps.tsx")).FirstSteps);
const TeamPage = lazily(async () => (await import("./TeamPage.tsx")).TeamPage);

function App() {
  // For the shop's name, stations and clock. What is managed here works without.
  useEffect(() => void untilAnswered(askMenu).catch(() => undefined), []);
  useEffect(() => void open(), []);
  useTitle(`${teamText.title} · ${menu.value ? isolated(menu.value.shopName) : "Comanda"}`);
  const now = visit.value;
  switch (now.state) {
    case "out":
      return <SignInForm why={now.why ? teamText.signIn.why[now.why] : tell(now.error)} />;
    case "in":
      if (goToOwnShop(now.staff.role, now.staff.shopIds)) return <Opening />;
      return now.byLink && !now.staff.hasPassword ? <FirstSteps staff={now.staff} /> : <TeamPage staff={now.staff} />;
    case "away":
      return <Opening error={now.error} />;
    default:
      return <Opening />;
  }
}

/** True where the page is of a shop that is not theirs. */
function goToOwnShop(role: number, shops: readonly string[]): boolean {
  const [first] = shops;
  if (role === OWNER || !first || shops.includes(SHOP)) return false;
  location.replace(shopLink(location.pathname, first));
  return true;
}

function Opening({ error }: { error?: unknown }) {
  return (
    <>
      <TopBar title={teamText.title} />
      <main>
        {error ? (
          <StateMessage kind="offline" title={teamText.signIn.away} detail={tell(error) ?? ""} onRetry={() => void open()} />
        ) : (
          <StateMessage kind="loading" title={teamText.signIn.opening} />
        )}
      </main>
    </>
  );
}

void show(<App />);
