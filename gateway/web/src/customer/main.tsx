// The menu, at `/`.

import { show } from "../lib/show.tsx";
import { adoptLanguage } from "../lib/text/language.ts";
import { MenuPage } from "./menu/MenuPage.tsx";

await adoptLanguage();
show(<MenuPage />);
