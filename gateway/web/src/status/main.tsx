// How the system is, at `/status#<staff token>`: for a shop that has no monitoring.

import { render } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { explain, lacksAccess } from "../lib/call/errors.ts";
import { adoptLanguage } from "../lib/text/language.ts";
import { staffText } from "../lib/text/staff_text.ts";
import { openTokenStore } from "../lib/call/token.ts";
import { TokenForm } from "../ui/TokenForm.tsx";
import { useTitle } from "../ui/useTitle.ts";
import { followStatus } from "./status_page.ts";
import { StatusPage } from "./StatusPage.tsx";

const store = openTokenStore("comanda.staff_token");

function App() {
  useTitle(`${staffText.status.title} · Comanda`);
  const token = store.token.value;
  return token ? <Followed key={token} token={token} /> : <TokenForm label={staffText.token.barista} store={store} />;
}

function Followed({ token }: { token: string }) {
  const followed = useMemo(() => followStatus(token), []);
  useEffect(() => followed.stop, []);
  const failure = followed.failure.value;
  if (failure && lacksAccess(failure.error)) {
    return <TokenForm label={staffText.token.barista} store={store} problem={explain(failure.error)} />;
  }
  return <StatusPage status={followed.status.value} failure={failure} onRetry={followed.tryNow} />;
}

await adoptLanguage();
render(<App />, document.getElementById("app")!);
