// The menu, at `/`.

import { show } from "../lib/show.tsx";
import { MenuPage } from "./menu/MenuPage.tsx";

void show(<MenuPage />);
