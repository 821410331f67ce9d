//! Orders: taken fast, safely, followed live.
